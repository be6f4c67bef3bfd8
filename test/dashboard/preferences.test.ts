import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, hasChromium, openPage, settled, startBrowser } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { sampleCalls } from './sample-calls.ts'

describe.skipIf(!hasChromium())('what the reader set in the system', () => {
  let browser: Browser
  let ledger: Ledger

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger({ calls: sampleCalls({ until: Date.now() - 60_000, days: 3, runsPerDay: 10 }) })
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  test('less motion: nothing moves while the page waits, where it would otherwise', async () => {
    const { page, close } = await openPage(browser, ledger.url)
    // Answers that do not come keep the page in the state that moves.
    await page.route('**/api/overview**', () => {})
    const movements: number[] = []
    for (const reducedMotion of ['no-preference', 'reduce'] as const) {
      await page.emulateMedia({ reducedMotion })
      await page.reload()
      await page.locator('.loading .skeleton').first().waitFor()
      movements.push(await movementsOf(page))
    }
    expect(movements).toEqual([expect.toSatisfy((count: number) => count > 0), 0])
    await close()
  })

  test('colours of its own: what is chosen is told apart, series stay apart, and no rule is broken', async () => {
    const { page, close } = await openPage(browser, ledger.url)
    await page.emulateMedia({ forcedColors: 'active' })
    await page.reload()
    await settled(page)
    const segments = page.getByRole('group', { name: 'Metric' })
    const pressed = await paintOf(segments.locator('button[aria-pressed="true"]'))
    expect(pressed).not.toEqual(await paintOf(segments.locator('button[aria-pressed="false"]').first()))
    const nav = page.getByRole('navigation', { name: 'Main' })
    const here = await paintOf(nav.locator('a[aria-current]'))
    expect(here).not.toEqual(await paintOf(nav.locator('a:not([aria-current])').first()))

    const swatches = page.locator('.legend').first().locator('.swatch')
    const colors = await swatches.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor))
    const fills = await page
      .locator('.chart-frame')
      .first()
      .locator('.bar')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).fill))
    expect(colors.length).toBeGreaterThan(2)
    expect(fills).toEqual(colors)
    expect(new Set(fills).size).toBe(fills.length)
    expect(await barriers(page)).toEqual([])
    await close()
  })

  test('colours chosen on the page are there before its script has run', async () => {
    const { page, close } = await openPage(browser, ledger.url)
    await page.getByRole('button', { name: 'Dark', exact: true }).click()
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.route('**/assets/index-*.js', () => {})
    await page.reload({ waitUntil: 'commit' })
    await page.getByText('Spanledger', { exact: true }).waitFor()
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark)
    await close()
  })
})

function movementsOf(page: Page): Promise<number> {
  return page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)
}

function paintOf(element: ReturnType<Page['locator']>): Promise<readonly string[]> {
  return element.evaluate((one) => {
    const { color, backgroundColor } = getComputedStyle(one)
    return [color, backgroundColor]
  })
}
