import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, hasChromium, openPage, settled, startBrowser, TRESPASS_FREE } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { sampleCalls } from './sample-calls.ts'

describe.skipIf(!hasChromium())('the period before', () => {
  let browser: Browser
  let ledger: Ledger

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger({ calls: sampleCalls({ until: Date.now() - 60_000, days: 15, runsPerDay: 12 }) })
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  // Days begin at another time of the day than the period does, so buckets of the two lie across each other.
  test.each(['7d', '24h'])(
    'is marked over each bar when it is asked for, and adds up to its total: %s',
    async (range) => {
      const { page, trespass, close } = await openPage(browser, `${ledger.url}/?range=${range}&tz=Asia/Kathmandu`)
      expect(await page.locator('.previous-line').count()).toBe(0)
      await page.getByLabel('Compare with previous period').check()
      await page.locator('.previous-line').nth(1).waitFor()
      expect(new URL(page.url()).searchParams.get('compare')).toBe('previous')

      await page.getByRole('button', { name: 'Calls', exact: true }).click()
      const title = /^Calls over time by model/
      await page
        .getByRole('group', { name: title })
        .getByRole('button', { name: /in the previous period/ })
        .first()
        .waitFor()
      const before = await callsBefore(page)
      expect(before).toBeGreaterThan(0)
      expect(await tableTotal(page, title)).toBe(before)
      expect(await barriers(page)).toEqual([])
      expect(await trespass()).toEqual(TRESPASS_FREE)
      await close()
    },
  )

  test('cannot be asked for where there is none', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/?range=all&compare=previous`)
    await settled(page)
    expect(await page.getByLabel('Compare with previous period').count()).toBe(0)
    expect(await page.locator('.previous-line').count()).toBe(0)
    await close()
  })
})

async function tableTotal(page: Page, title: RegExp): Promise<number> {
  const card = page.getByRole('region', { name: /^Calls over time/ }).first()
  await card.getByText('Show as table').click()
  await card.getByRole('table', { name: title }).waitFor()
  await card.getByRole('columnheader', { name: 'Previous period' }).waitFor()
  return toNumber((await card.locator('tfoot td').allInnerTexts()).at(-1) ?? '')
}

async function callsBefore(page: Page): Promise<number> {
  const tile = page.locator('.tile', { has: page.getByText('Calls', { exact: true }) })
  const text = await tile.locator('.change').getAttribute('title')
  return toNumber(/^([\d,]+) in the .+ before$/.exec(text ?? '')?.[1] ?? '')
}

function toNumber(text: string): number {
  return Number(text.replaceAll(',', ''))
}
