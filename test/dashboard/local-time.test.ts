import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openPage, settled, startBrowser } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'

describe.skipIf(!hasChromium())('a range of local time', () => {
  let browser: Browser
  let ledger: Ledger

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger()
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  // Chromium is set to Berlin here, and must not read times by its own clocks.
  test.each([
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-03-08T02:15', 'America/New_York', '2026-03-08T07:15:00.000Z'],
    ['2026-03-08T12:00', 'Asia/Kathmandu', '2026-03-08T06:15:00.000Z'],
  ])('begins at one instant, also where clocks skip or repeat it: %s in %s', async (wall, tz, instant) => {
    const { page, close } = await openPage(browser, `${ledger.url}/?tz=${tz}`)
    await page.getByRole('button', { name: /^Time range/ }).click()
    await page.getByLabel('From', { exact: true }).fill(wall)
    await page.getByLabel('To', { exact: true }).fill('2026-12-01T00:00')
    await page.getByRole('button', { name: 'Apply' }).click()
    await settled(page)
    expect(parameterOf(page, 'from')).toBe(instant)
    await close()
  })

  // Days in a link that somebody wrote by hand are those of the zone, and the last one is included.
  test.each([
    ['from=2026-10-25&to=2026-10-25', 'Europe/Berlin', ['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']],
    ['from=2026-10-25&to=2026-10-26', 'Asia/Kathmandu', ['2026-10-24T18:15:00.000Z', '2026-10-26T18:15:00.000Z']],
    [
      'from=2026-10-25T08:00&to=2026-10-26T00:00Z',
      'Asia/Tokyo',
      ['2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z'],
    ],
    ['from=1793750400000&to=1793750460000', 'Asia/Tokyo', ['2026-11-04T00:00:00.000Z', '2026-11-04T00:01:00.000Z']],
  ])('is asked for as the link says: %s in %s', async (range, tz, instants) => {
    const { page, close } = await openPage(browser, `${ledger.url}/health`)
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/overview')
    await page.goto(`${ledger.url}/?${range}&tz=${tz}`)
    const { searchParams } = new URL((await asked).url())
    const sent = ['from', 'to'].map((name) => new Date(Number(searchParams.get(name))).toISOString())
    expect(sent).toEqual(instants)
    await close()
  })
})

function parameterOf(page: Page, name: string): string | null {
  return new URL(page.url()).searchParams.get(name)
}
