import { startBrowser, openPage } from './browser.ts'
import { startLedger } from './ledger.ts'
import { buildCall } from '../core/build-call.ts'
const t0 = Date.now()
const lap = (s: string) => console.log(Date.now() - t0, s)
const browser = await startBrowser()
lap('browser')
const ledger = await startLedger()
lap('ledger')
const { page, close } = await openPage(browser, ledger.url)
lap('page')
page.on('request', (r) => lap('> ' + r.url().slice(20, 80)))
page.on('response', (r) => lap('< ' + r.url().slice(20, 80)))
await page.getByRole('button', { name: 'Live' }).waitFor()
lap('live')
for (const n of [1, 2]) {
  await ledger.store.write([
    buildCall({
      trace_id: `${n}`.padStart(32, '0'),
      span_id: `${n}`.padStart(16, '0'),
      started_at: Date.now() - 1500,
      input_tokens: 1,
      output_tokens: 1,
      total_tokens: 2,
      usage_source: 'span',
    }),
  ])
  lap('written')
  await page
    .locator('.tile', { has: page.getByText('Calls', { exact: true }) })
    .getByText(String(n), { exact: true })
    .waitFor()
  lap('seen')
}
await close()
lap('close')
await browser.close()
await ledger.close()
lap('end')
