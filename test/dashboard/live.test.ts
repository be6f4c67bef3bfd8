import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall } from '../core/build-call.ts'
import { hasChromium, openPage, settled, startBrowser, TRESPASS_FREE } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'

describe.skipIf(!hasChromium())('while the page is open', () => {
  let browser: Browser
  let ledger: Ledger
  let written = 0

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger()
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  async function write(columns: Parameters<typeof buildCall>[0] = {}): Promise<void> {
    written += 1
    const id = written.toString(16)
    const startedAt = Date.now() - 1500
    const call = buildCall({
      trace_id: id.padStart(32, '0'),
      span_id: id.padStart(16, '0'),
      provider: 'openai',
      model: 'gpt-5',
      input_tokens: 100,
      output_tokens: 20,
      total_tokens: 120,
      usage_source: 'span',
      cost_nano_usd: 1_250_000,
      cost_source: 'list',
      cost_flags: [],
      started_at: startedAt,
      ended_at: startedAt + 1000,
      duration_ms: 1000,
      ...columns,
    })
    await ledger.store.write([call])
  }

  test('the empty page turns into the overview when the first call is written, and follows those after it', async () => {
    const { page, trespass, close } = await openPage(browser, ledger.url)
    await page.getByText('No calls yet').waitFor()
    await page.getByRole('button', { name: 'Live' }).waitFor()
    await write()
    const calls = page.locator('.tile', { has: page.getByText('Calls', { exact: true }) })
    await calls.getByText('1', { exact: true }).waitFor()
    await write()
    await calls.getByText('2', { exact: true }).waitFor()
    expect(await trespass()).toEqual(TRESPASS_FREE)
    await close()
  })

  test('rows stay where they are: new ones are counted until they are asked for', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/calls`)
    await page.getByRole('button', { name: 'Live' }).waitFor()
    const before = await page.locator('tbody').innerText()
    const rows = await page.locator('tbody tr').count()
    await write()
    await write()
    const button = page.getByRole('button', { name: '2 new' })
    await button.waitFor()
    expect(await page.locator('tbody').innerText()).toBe(before)
    await button.click()
    await page.waitForFunction((count) => document.querySelectorAll('tbody tr').length === count, rows + 2)
    expect(await button.count()).toBe(0)
    await close()
  })

  test('rows come by themselves when the reader follows', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/calls`)
    await page.getByRole('button', { name: 'Live' }).waitFor()
    const rows = await page.locator('tbody tr').count()
    await page.getByLabel('Follow').check()
    await write()
    await page.waitForFunction((count) => document.querySelectorAll('tbody tr').length === count, rows + 1)
    expect(new URL(page.url()).searchParams.get('follow')).toBe('1')
    await close()
  })

  test('calls that a filter hides are not counted', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/calls?user=ada`)
    await page.getByRole('button', { name: 'Live' }).waitFor()
    await write({ user_id: 'bob' })
    await write({ user_id: 'ada' })
    await page.getByRole('button', { name: '1 new' }).waitFor()
    await page.getByRole('button', { name: '1 new' }).click()
    await settled(page)
    await page.getByRole('cell', { name: 'ada' }).waitFor()
    expect(await page.getByRole('cell', { name: 'bob' }).count()).toBe(0)
    await close()
  })

  test('a page that lost its connection asks for the calls after the last heartbeat', async () => {
    const { page, close } = await openPage(browser, ledger.url)
    await page.route('**/api/stream*', (route) => route.fulfill({ body: ': still here\r\nid: 7\r\n\r\n' }), {
      times: 1,
    })
    const resumed = page.waitForRequest((request) => request.headers()['last-event-id'] !== undefined)
    await page.reload()
    expect((await resumed).headers()['last-event-id']).toBe('7')
    await close()
  })

  test('nothing moves when live updates are paused, also after a reload', async () => {
    const { page, close } = await openPage(browser, ledger.url)
    await page.getByRole('button', { name: 'Live' }).click()
    await page.getByRole('button', { name: 'Paused' }).waitFor()
    await page.reload()
    await settled(page)
    expect(await page.getByRole('button', { name: 'Paused' }).getAttribute('aria-pressed')).toBe('false')
    await close()
  })
})
