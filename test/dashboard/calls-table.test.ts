import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AWKWARD_ERROR, awkwardCalls } from './awkward-calls.ts'
import { barriers, hasChromium, openPage, settled, startBrowser, type WatchedPage } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'

const WIDTHS = [320, 768, 1280, 1536, 1920]

describe.skipIf(!hasChromium())('the table of calls, with names as long as real ones', () => {
  let browser: Browser
  let ledger: Ledger
  const opened: WatchedPage[] = []

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger({ calls: awkwardCalls(Date.now()) })
  })

  afterAll(async () => {
    for (const { close } of opened) await close()
    await browser?.close()
    await ledger?.close()
  })

  async function open(path: string, width: number, theme: 'light' | 'dark' = 'light'): Promise<Page> {
    const watched = await openPage(browser, `${ledger.url}${path}`, { width, theme })
    opened.push(watched)
    return watched.page
  }

  test.each(WIDTHS)('has cost, duration and status in sight without scrolling: %d px', async (width) => {
    const page = await open('/calls', width, width === 768 ? 'dark' : 'light')
    expect(await hiddenColumns(page)).toEqual([])
    expect(await barriers(page)).toEqual([])
  })

  test('begins within the first third of a phone', async () => {
    const page = await open('/calls', 320)
    const title = await page.getByRole('heading', { name: 'Calls' }).boundingBox()
    expect(title?.y).toBeLessThan(250)
  })

  test('cuts a long name in its middle, with all of it as a tooltip', async () => {
    const page = await open('/calls', 1280)
    const user = 'user-0000.with.a.long.name@customer-0.example.com'
    const cell = page.locator('td .middle', { hasText: user }).first()
    expect(await cell.getAttribute('title')).toBe(user)
    const [head, tail] = await cell
      .locator('span')
      .evaluateAll((parts) =>
        parts.map((part) => ({ isCut: part.scrollWidth > part.clientWidth, text: part.textContent })),
      )
    expect({ head: head?.isCut, tail: tail?.text }).toEqual({ head: true, tail: 'mple.com' })
  })

  test('says in the row why a call failed', async () => {
    const page = await open('/calls?status=error', 1280)
    const rows = page.getByRole('region', { name: 'Calls', exact: true }).locator('tbody tr')
    expect(await rows.count()).toBe(6)
    expect(await rows.locator('.row-error').allInnerTexts()).toEqual(Array.from({ length: 6 }, () => AWKWARD_ERROR))
  })

  test('says above the failed calls which errors they had', async () => {
    const page = await open('/calls?status=error', 1280)
    const why = page.getByRole('region', { name: 'Why they fail' })
    const cells = why.locator('tbody td')
    await cells.first().waitFor()
    expect((await cells.allInnerTexts()).slice(0, 3)).toEqual([AWKWARD_ERROR, '429', '6'])
    expect(await barriers(page)).toEqual([])
  })

  test('shows the columns that the reader chose, keeps them in the URL and when a call was looked at', async () => {
    const page = await open('/calls', 1280)
    await page.getByRole('button', { name: /^Choose columns/ }).click()
    expect(await barriers(page)).toEqual([])
    for (const name of ['Tokens', 'First token', 'User'])
      await page.getByRole('checkbox', { name, exact: true }).click()
    await page.getByRole('checkbox', { name: 'Session', exact: true }).click()
    await page.keyboard.press('Escape')
    const chosen = ['Started', 'Operation', 'Cost', 'Duration', 'Status', 'Model', 'Session']
    expect(await headings(page)).toEqual(chosen)
    expect(await hiddenColumns(page)).toEqual([])

    const link = page.url()
    expect(await headings(await open(link.slice(ledger.url.length), 1280))).toEqual(chosen)

    await page.locator('tbody .row-link').first().click()
    await page.locator('.waterfall').waitFor()
    await page.getByRole('link', { name: 'Calls' }).first().click()
    await settled(page)
    await page.locator('tbody tr').first().waitFor()
    expect(await headings(page)).toEqual(chosen)

    await page.getByRole('button', { name: /^Choose columns/ }).click()
    await page.getByRole('button', { name: 'Reset columns' }).click()
    expect(new URL(page.url()).searchParams.has('columns')).toBe(false)
  })
})

function headings(page: Page): Promise<readonly string[]> {
  return page
    .locator('thead th')
    .evaluateAll((cells) => cells.map((cell) => (cell.textContent ?? '').replace(/[↑↓]/, '').trim()))
}

// What a reader of the table cannot see of its rows without scrolling it.
function hiddenColumns(page: Page): Promise<readonly string[]> {
  return page.locator('.table-frame').evaluate((frame) => {
    const { left, right } = frame.getBoundingClientRect()
    const isSeen = (element: Element): boolean => {
      const range = document.createRange()
      range.selectNodeContents(element)
      const box = range.getBoundingClientRect()
      return box.width > 0 && box.left >= left && box.right <= Math.min(right, innerWidth)
    }
    const heads = [...frame.querySelectorAll('th')].map((head) => head.textContent ?? '')
    const rows = [...frame.querySelectorAll('tbody tr')]
    const cellOf = (row: Element, label: string): Element =>
      row.children[heads.findIndex((head) => head.startsWith(label))] ?? row
    return [
      ...['Cost', 'Duration'].filter((label) => !rows.every((row) => isSeen(cellOf(row, label)))),
      ...(rows.every((row) => [...row.querySelectorAll('.badge')].some(isSeen)) ? [] : ['Status']),
    ]
  })
}
