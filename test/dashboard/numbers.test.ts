import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openPage, settled, startBrowser } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { sampleCalls } from './sample-calls.ts'

// Ranges, zones and filters in which a total that forgets one of them differs from the rows.
const VIEWS = [
  '/?range=all&tz=UTC',
  '/?range=7d&tz=Asia/Kathmandu',
  '/?range=7d&tz=Europe/Berlin&model=gpt-5',
  '/?range=30d&tz=America/New_York&user=ada&user=bob&project=shop',
  '/?range=all&tz=UTC&user=',
]

describe.skipIf(!hasChromium())('the numbers', () => {
  let browser: Browser
  let ledger: Ledger

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger({ calls: sampleCalls({ until: Date.now() - 60_000, days: 12, runsPerDay: 20 }) })
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  test.each(VIEWS)('in the header are the sum of the bars, of the rows, and of the export: %s', async (path) => {
    const { page, close } = await openPage(browser, `${ledger.url}${path}`)
    const header = {
      calls: toNumber(await exactOf(page, 'Calls')),
      tokens: toNumber(await exactOf(page, 'Tokens')),
      costNanoUsd: toNano(await exactOf(page, 'Cost')),
    }
    expect(header.calls).toBeGreaterThan(0)

    const exported = await exportOf(page, 'JSONL')
    const billed = exported.filter(({ billable }) => billable === 1)
    expect({
      calls: billed.length,
      tokens: sumOf(billed, 'total_tokens'),
      costNanoUsd: sumOf(billed, 'cost_nano_usd'),
    }).toEqual(header)

    await page.getByRole('button', { name: 'Calls', exact: true }).click()
    expect(await chartTotal(page, /^Calls over time/)).toBe(header.calls)

    await page.getByRole('link', { name: /^Users & projects/ }).click()
    await settled(page)
    await page.getByRole('columnheader', { name: 'Share' }).waitFor()
    const rows = await page.locator('tbody tr').evaluateAll((all) =>
      all.map((row) => ({
        calls: row.querySelector('td:nth-child(5)')?.textContent ?? '',
        cost: row.querySelector('td:nth-child(2) [title]')?.getAttribute('title') ?? '$0',
      })),
    )
    expect({
      calls: rows.reduce((sum, { calls }) => sum + toNumber(calls), 0),
      costNanoUsd: rows.reduce((sum, { cost }) => sum + toNano(cost), 0),
    }).toEqual({ calls: header.calls, costNanoUsd: header.costNanoUsd })
    await close()
  })

  test('of a tool are those of the runs that used it', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/?range=all&tz=UTC&tool=findOrder`)
    const traces = new Set(
      (await ledger.store.calls({ tool: 'findOrder', kind: 'tool' }, { limit: 1000 })).calls.map(
        (call) => call.trace_id,
      ),
    )
    const { calls } = await ledger.store.summary({ trace: [...traces] })
    expect(calls).toBeGreaterThan(0)
    expect(toNumber(await exactOf(page, 'Calls'))).toBe(calls)
    expect(await page.locator('.chip').innerText()).toContain('Runs that used')
    await page.getByRole('link', { name: 'Tools', exact: true }).click()
    await settled(page)
    expect(new URL(page.url()).searchParams.get('tool')).toBe('findOrder')
    await close()
  })

  test('without calls are no price and no scale', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/?range=all&tz=UTC&kind=tool`)
    expect(await page.locator('.tile', { hasText: 'Cost' }).first().innerText()).toContain('no priced calls')
    const scale = await page.locator('.axes text[text-anchor="end"]').allTextContents()
    expect(new Set(scale.map((text) => text.replace('$', '')))).toEqual(new Set(['0']))
    await close()
  })

  test('say what they are compared with, and stand below each other', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/?range=7d&tz=UTC`)
    expect(await page.locator('.tiles-note').innerText()).toMatch(/less than the 7 days before$/)
    const errorRate = page.locator('.tile', { has: page.getByText('Error rate', { exact: true }) })
    expect(await errorRate.locator('.change').innerText()).toMatch(/ points/)
    await page.goto(`${ledger.url}/spend?range=all&tz=UTC`)
    await settled(page)
    const costs = await page.locator('tbody td:nth-child(2) .money').allInnerTexts()
    expect(costs.length).toBeGreaterThan(1)
    expect(new Set(costs.map((text) => text.split('.')[1]?.length))).toHaveProperty('size', 1)
    await close()
  })

  test('that nobody knows are a dash, never 0', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/?range=all&model=house-llama-70b`)
    expect(await page.locator('.tile', { hasText: 'Cost' }).first().locator('.tile-value').innerText()).toBe('–')
    await close()
  })

  test('of a call without a cost say in words why it has none', async () => {
    const { page, close } = await openPage(
      browser,
      `${ledger.url}/calls?range=all&kind=model&sort=costNanoUsd&order=asc`,
    )
    const costs = new Set<string>()
    for (let turn = 0; turn < 12; turn += 1) {
      for (const text of await page.locator('tbody td:nth-child(3)').allInnerTexts())
        costs.add(/[a-z ]+|≈|\$/.exec(text.replace('estimated', ''))?.[0].trim() || '$')
      const next = page.getByRole('button', { name: 'Next 50' })
      if (await next.isDisabled()) break
      await next.click()
      await settled(page)
    }
    expect([...costs].toSorted()).toEqual(['$', 'unknown usage', 'unpriced', '≈'])
    await close()
  })

  test('of the last bucket are marked as not final', async () => {
    const { page, close } = await openPage(browser, `${ledger.url}/?range=7d`)
    expect(await page.getByRole('button', { name: /so far: .*Press Enter to show its calls/ }).count()).toBeGreaterThan(
      0,
    )
    await close()
  })
})

async function exactOf(page: Page, label: string): Promise<string> {
  const tile = page.locator('.tile', { has: page.getByText(label, { exact: true }) })
  return (await tile.locator('.tile-value').getAttribute('title')) ?? ''
}

async function exportOf(page: Page, format: string): Promise<readonly Record<string, unknown>[]> {
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: new RegExp(`^${format} export`) }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

async function chartTotal(page: Page, title: RegExp): Promise<number> {
  const card = page.getByRole('region', { name: title }).first()
  await card.getByText('Show as table').click()
  const cells = await card.locator('tfoot td').allInnerTexts()
  return toNumber(cells.at(-1) ?? '')
}

function sumOf(rows: readonly Record<string, unknown>[], column: string): number {
  return rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0)
}

function toNumber(text: string): number {
  return Number(text.replaceAll(',', ''))
}

function toNano(text: string): number {
  const [, dollars = '0'] = /\$([\d,.]+)/.exec(text) ?? []
  return Math.round(Number(dollars.replaceAll(',', '')) * 1e9)
}
