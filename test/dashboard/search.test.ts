import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall } from '../core/build-call.ts'
import { awkwardCalls } from './awkward-calls.ts'
import { barriers, hasChromium, openPage, startBrowser, type WatchedPage } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'

const CALLS = 24

describe.skipIf(!hasChromium())('a search', () => {
  let browser: Browser
  let ledger: Ledger
  const opened: WatchedPage[] = []

  beforeAll(async () => {
    browser = await startBrowser()
    const tool = buildCall({ kind: 'tool', billable: 0, tool_name: 'refund', started_at: Date.now() - 5000 })
    ledger = await startLedger({ calls: [...awkwardCalls(Date.now(), CALLS), tool] })
  })

  afterAll(async () => {
    for (const { close } of opened) await close()
    await browser?.close()
    await ledger?.close()
  })

  async function open(path: string): Promise<Page> {
    const watched = await openPage(browser, `${ledger.url}${path}`)
    opened.push(watched)
    return watched.page
  }

  test('of calls needs no Enter, loses no letter, and the back button leaves it as a whole', async () => {
    const page = await open('/calls')
    const field = page.getByRole('searchbox', { name: /^Search calls/ })
    await field.pressSequentially('customer-7.example.com', { delay: 60 })
    await page.waitForURL(/q=customer-7\.example\.com$/)
    await page.locator('tbody tr').nth(1).waitFor({ state: 'detached' })
    expect(await page.locator('tbody tr').count()).toBe(1)
    expect(await field.inputValue()).toBe('customer-7.example.com')
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
    await page.goBack()
    await page.locator('tbody tr').nth(CALLS).waitFor()
    expect({ text: await field.inputValue(), hasText: page.url().includes('q=') }).toEqual({ text: '', hasText: false })
  })

  test('of prices needs no Enter', async () => {
    const page = await open('/prices')
    await page.getByRole('searchbox', { name: 'Search prices by model' }).fill('gpt-5-mini')
    const prices = page.getByRole('region', { name: 'Prices', exact: true })
    await prices.getByText('gpt-5-mini').first().waitFor()
    expect(await prices.locator('tbody tr').count()).toBeGreaterThan(0)
  })

  test('that finds nothing says what there is without it, and leads there', async () => {
    const page = await open('/calls?range=all&status=error&q=dishwasher')
    await page.getByText('No calls match “dishwasher” and these filters.').waitFor()
    await page.getByText(`All time, without search and filters: ${CALLS} model calls, 1 tool call.`).waitFor()
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Clear search and filters' }).click()
    await page.locator('tbody tr').nth(CALLS).waitFor()
    expect(await page.getByRole('searchbox', { name: /^Search calls/ }).inputValue()).toBe('')
  })
})
