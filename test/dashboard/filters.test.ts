import type { Call } from '@spanledger/core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall } from '../core/build-call.ts'
import { barriers, hasChromium, openPage, startBrowser, type WatchedPage } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'

const CALLS: readonly Partial<Call>[] = [
  { user_id: 'ada', metadata: { tier: 'gold' }, cost_nano_usd: 20_000_000, duration_ms: 900 },
  { user_id: 'heidi', metadata: { tier: 'silver' }, cost_nano_usd: 1_000_000, duration_ms: 4_000 },
  { user_id: 'heidi', metadata: null, cost_nano_usd: 500_000_000, duration_ms: 200 },
  { user_id: null, metadata: null, cost_nano_usd: null, duration_ms: null },
]

describe.skipIf(!hasChromium())('a filter', () => {
  let browser: Browser
  let ledger: Ledger
  const opened: WatchedPage[] = []

  beforeAll(async () => {
    browser = await startBrowser()
    const calls = CALLS.map((differences, index) =>
      buildCall({
        span_id: `${index + 1}`.padStart(16, '0'),
        started_at: Date.now() - 60_000 * (index + 1),
        ...differences,
      }),
    )
    ledger = await startLedger({ calls })
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

  async function rows(page: Page, count: number): Promise<void> {
    await page.waitForFunction((wanted) => document.querySelectorAll('tbody tr').length === wanted, count)
  }

  async function type(page: Page, text: string): Promise<void> {
    await page.getByRole('button', { name: /^Add filter/ }).click()
    await page.getByLabel(/^Filter by/).fill(text)
    await page.keyboard.press('Enter')
  }

  test.each([
    ['user:-heidi', 'notUser=heidi', 'Remove filter User is not heidi', 2],
    ['metadata:tier=gold', 'metadata=tier%3Dgold', 'Remove filter Metadata tier=gold', 1],
    ['metadata:tier=', 'metadata=tier%3D', 'Remove filter Metadata tier (not set)', 2],
    ['cost:0.01..0.1', 'minCost=0.01&maxCost=0.1', 'Remove filter Cost to 0.1 USD', 1],
    ['duration:..900', 'maxDuration=900', 'Remove filter Duration to 900 ms', 2],
  ])(
    '%s that is typed is in the URL, has a chip that removes it, and selects its calls',
    async (text, query, chip, count) => {
      const page = await open('/calls')
      await rows(page, CALLS.length)
      await type(page, text)
      await page.getByRole('button', { name: chip, exact: true }).waitFor()
      expect(page.url()).toContain(query)
      await rows(page, count)
      expect(await barriers(page)).toEqual([])
      await page.getByRole('button', { name: 'Clear all' }).click()
      await rows(page, CALLS.length)
    },
  )

  test('leaves out the values that are picked, and stays on other pages', async () => {
    const page = await open('/calls')
    await rows(page, CALLS.length)
    await type(page, 'Us')
    await page.getByLabel('Leave these out').check()
    await page.getByRole('checkbox', { name: /^heidi/ }).check()
    await rows(page, 2)
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: /^Users & projects/ }).click()
    await page.getByRole('button', { name: 'Remove filter User is not heidi' }).waitFor()
    await page.getByText('ada').first().waitFor()
    expect(await page.locator('tbody').getByText('heidi').count()).toBe(0)
  })

  test('of a number has two ends, either of them open', async () => {
    const page = await open('/calls')
    await type(page, 'Cost')
    await page.getByLabel('Cost from (USD)').fill('0.01')
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Apply' }).click()
    await rows(page, 2)
    await page.getByRole('button', { name: 'Remove filter Cost from 0.01 USD' }).click()
    await rows(page, CALLS.length)
  })

  test('that repricing does not know keeps it from repricing more than is shown', async () => {
    const page = await open('/prices?notUser=heidi')
    await page.getByText('Remove first: User is not.').waitFor()
    expect(await page.getByRole('button', { name: 'Preview' }).isDisabled()).toBe(true)
  })
})
