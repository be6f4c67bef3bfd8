import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openPage, settled, startBrowser } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { sampleCalls } from './sample-calls.ts'

// The order that nobody chose, one that breaks ties, and one in which some rows have no value.
const VIEWS = [
  '/calls?range=all&kind=run',
  '/calls?range=all&sort=durationMs&order=asc&kind=tool',
  '/calls?range=all&sort=costNanoUsd&kind=model',
]

describe.skipIf(!hasChromium())('the files', () => {
  let browser: Browser
  let ledger: Ledger

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger({ calls: sampleCalls({ until: Date.now() - 60_000, days: 8, runsPerDay: 40 }) })
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  test.each(VIEWS)('hold the calls of all pages in the order in which they are shown: %s', async (path) => {
    const { page, close } = await openPage(browser, `${ledger.url}${path}`)
    const lines = (await exportOf(page, 'JSONL')).trim().split('\n')
    const sheet = (await exportOf(page, 'CSV')).trim().split('\n')
    const shown = await shownOnAllPages(page)
    expect(shown.length).toBeGreaterThan(50)
    expect(lines.map((line) => (JSON.parse(line) as { readonly id: string }).id)).toEqual(shown)
    // Texts of a cell may have lines of their own, which do not begin with an id.
    expect(sheet.flatMap((line) => /^[0-9a-f]{32}-[0-9a-f]{16}(?=,)/.exec(line) ?? [])).toEqual(shown)
    await close()
  })
})

async function shownOnAllPages(page: Page): Promise<readonly string[]> {
  const ids: string[] = []
  for (;;) {
    const links = await page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-href')))
    ids.push(...links.map((link) => /\/calls\/([\w-]+)/.exec(link ?? '')?.[1] ?? ''))
    const next = page.getByRole('button', { name: 'Next 50' })
    if ((await next.count()) === 0 || (await next.isDisabled())) return ids
    await next.click()
    await page.waitForFunction(
      (last) => document.querySelector('tbody tr')?.getAttribute('data-href') !== last,
      links[0],
    )
    await settled(page)
  }
}

async function exportOf(page: Page, format: string): Promise<string> {
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: new RegExp(`^${format} export`) }).click()
  return readFile(await (await download).path(), 'utf8')
}
