import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, hasChromium, openPage, startBrowser, TRESPASS_FREE, type WatchedPage } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { LONG_TRACE, longTrace, spanIdOf } from './long-trace.ts'

const AGENTS = 500
const ROOT = `/calls/${LONG_TRACE.traceId}-${spanIdOf(1)}`

describe.skipIf(!hasChromium())('a trace of two thousand spans', () => {
  let browser: Browser
  let ledger: Ledger
  const opened: WatchedPage[] = []

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger({
      calls: longTrace(Date.now() - 3_600_000, AGENTS),
      jaegerUrl: 'http://localhost:16686',
    })
  })

  afterAll(async () => {
    for (const { close } of opened) await close()
    await browser?.close()
    await ledger?.close()
  })

  async function open(path = ROOT, width = 1280): Promise<Page> {
    const watched = await openPage(browser, `${ledger.url}${path}`, { width })
    opened.push(watched)
    await watched.page.getByRole('treeitem').first().waitFor()
    return watched.page
  }

  test.each([320, 768, 1280, 1920])(
    'has each span on one line, over the whole width, and only those in sight: %d px',
    async (width) => {
      const page = await open(ROOT, width)
      const items = page.getByRole('treeitem')
      expect(await items.count()).toBeLessThan(120)
      const [main, card, heights] = await Promise.all([
        page.locator('main').evaluate(({ clientWidth }) => clientWidth),
        page.locator('.trace-card').evaluate(({ clientWidth }) => clientWidth),
        items.evaluateAll((rows) => rows.map(({ clientHeight, scrollHeight }) => [clientHeight, scrollHeight])),
      ])
      expect(card).toBeGreaterThan(main * 0.85)
      expect(new Set(heights.flat())).toEqual(new Set([32]))
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      expect(await barriers(page)).toEqual([])
    },
  )

  test('adds up tokens and cost on each run, from its model calls', async () => {
    const page = await open()
    const textOf = async (row: Locator): Promise<readonly (string | null)[]> => [
      await row.locator('.span-tokens').textContent(),
      await row.locator('.span-cost').textContent(),
    ]
    // 2 model calls of 120 tokens and $0.00049 in each of 500 agents.
    expect(await textOf(item(page, /^run big_job/))).toEqual(['120K tokens', '$0.49'])
    expect(await textOf(item(page, /^run research agent 1 /))).toEqual(['240 tokens', '$0.00098'])
  })

  test('is walked with the arrows, and Enter opens a span in place', async () => {
    const page = await open()
    const { keyboard } = page
    await item(page, /^run big_job/).focus()
    await keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('run research agent 1')
    await keyboard.press('ArrowLeft')
    await keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('run research agent 2')
    await keyboard.press('ArrowUp')
    await keyboard.press('ArrowRight')
    await keyboard.press('ArrowRight')
    expect(await focused(page)).toBe('model claude-sonnet-4-5-20250929')
    await keyboard.press('ArrowLeft')
    expect(await focused(page)).toBe('run research agent 1')

    await keyboard.press('End')
    expect(await focused(page)).toMatch(/^model /)
    await keyboard.press('ArrowUp')
    expect(await focused(page)).toBe('tool refund_customer Error')
    await keyboard.press('Enter')
    await page.getByRole('region', { name: 'Error message' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/calls/${LONG_TRACE.traceId}-${spanIdOf(2 + (AGENTS - 1) * 4 + 2)}`)
    expect(await focused(page)).toBe('tool refund_customer Error')
  })

  test('hides what is below a span, and says how many errors that hides', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Collapse all' }).click()
    expect(await page.getByRole('treeitem').count()).toBe(1)
    expect(await item(page, /^run big_job/).getAttribute('aria-expanded')).toBe('false')
    expect(
      await item(page, /^run big_job/)
        .locator('.badge-error')
        .innerText(),
    ).toBe('1 error')
    await item(page, /^run big_job/)
      .locator('.twist')
      .click()
    expect(new URL(page.url()).pathname).toBe(ROOT)
    expect(await page.getByRole('treeitem').count()).toBeGreaterThan(10)
  })

  test('finds a span by what it is called or failed with, also below what is collapsed', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await page.getByLabel('Search spans').fill('till is closed')
    await page.getByText('1 span found').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('1 of 1').waitFor()
    const found = item(page, /^tool refund_customer/)
    expect(await isInSight(found)).toBe(true)
    expect(await found.getAttribute('class')).toContain('is-found')
  })

  test('zooms by dragging over the time and by buttons, and shows all again', async () => {
    const page = await open()
    const ticks = (): Promise<readonly string[]> => page.locator('.trace-tick').allInnerTexts()
    const whole = await ticks()
    const box = (await page.locator('.trace-axis').boundingBox())!
    await page.mouse.move(box.x + 5, box.y + 10)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 100 + 10, box.y + 10, { steps: 4 })
    await page.mouse.up()
    expect((await ticks()).at(-1)).not.toBe(whole.at(-1))
    await page.getByRole('button', { name: 'Fit' }).click()
    expect(await ticks()).toEqual(whole)
    await page.getByRole('button', { name: 'Zoom in' }).click()
    expect(await ticks()).not.toEqual(whole)
    await page.getByRole('button', { name: 'Zoom out' }).click()
    expect(await ticks()).toEqual(whole)
  })

  test('can be taken away: its id, its JSON, and the same span in Jaeger', async () => {
    const page = await open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
    await page.getByRole('button', { name: 'Copy trace ID' }).click()
    await page.getByText('Copied').first().waitFor()
    expect(await clipboard()).toBe(LONG_TRACE.traceId)
    await page.getByRole('button', { name: 'Copy JSON' }).click()
    await page.getByText('Copied').nth(1).waitFor()
    expect((JSON.parse(await clipboard()) as { readonly traceId: string }).traceId).toBe(LONG_TRACE.traceId)
    expect(await page.getByRole('link', { name: 'Open in Jaeger' }).getAttribute('href')).toBe(
      `http://localhost:16686/trace/${LONG_TRACE.traceId}?uiFind=${spanIdOf(1)}`,
    )
  })

  test('did nothing that its policy forbids in all of this', async () => {
    expect(opened.length).toBeGreaterThan(5)
    for (const { trespass } of opened) expect(await trespass()).toEqual(TRESPASS_FREE)
  })
})

function item(page: Page, name: RegExp): Locator {
  return page.getByRole('treeitem', { name }).first()
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const name = document.activeElement?.querySelector('.span-name')
    return [...(name?.children ?? [])]
      .map(({ textContent }) => textContent)
      .filter((text) => text !== '')
      .join(' ')
  })
}

function isInSight(row: Locator): Promise<boolean> {
  return row.evaluate((element) => {
    const box = element.getBoundingClientRect()
    const frame = element.closest('.waterfall')!.getBoundingClientRect()
    return box.top >= frame.top && box.bottom <= frame.bottom + 1
  })
}
