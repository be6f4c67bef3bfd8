import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, hasChromium, openPage, startBrowser, TRESPASS_FREE } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { sampleCalls } from './sample-calls.ts'

const WIDTHS = [320, 1440]
const THEMES = ['light', 'dark'] as const
const FULL_PAGES = [
  '/',
  '/calls',
  '/tools',
  '/sessions',
  '/sessions/chat-1',
  '/spend',
  '/budgets',
  '/prices?q=gpt-5',
  '/health',
  '/nowhere',
]
const EMPTY_PAGES = ['/', '/calls', '/tools', '/sessions', '/spend', '/budgets', '/prices', '/health']

describe.skipIf(!hasChromium())('every page', () => {
  let browser: Browser
  let full: Ledger
  let empty: Ledger
  const paths = new Map<string, readonly string[]>()

  beforeAll(async () => {
    browser = await startBrowser()
    full = await startLedger({
      calls: sampleCalls({ until: Date.now(), days: 10, runsPerDay: 30 }),
      jaegerUrl: 'http://localhost:16686',
    })
    empty = await startLedger()
    const body = JSON.stringify({ name: 'Support', period: 'month', limitUsd: 5, scope: { project: 'support' } })
    await fetch(`${full.url}/api/budgets`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const failed = await full.store.calls({ status: 'error', kind: 'tool' }, { limit: 1 })
    const model = await full.store.calls({ kind: 'model' }, { limit: 1 })
    const ids = [...failed.calls, ...model.calls].map((call) => `/calls/${call.trace_id}-${call.span_id}`)
    paths.set('full', [...FULL_PAGES, ...ids])
    paths.set('empty', EMPTY_PAGES)
  })

  afterAll(async () => {
    await browser?.close()
    await full?.close()
    await empty?.close()
  })

  test.each(
    ['full', 'empty'].flatMap((data) => THEMES.flatMap((theme) => WIDTHS.map((width) => ({ data, theme, width })))),
  )(
    'breaks no rule of WCAG 2.2 AA and no policy: $data, $theme, $width px',
    { timeout: 240_000 },
    async ({ data, theme, width }) => {
      const ledger = data === 'full' ? full : empty
      for (const path of paths.get(data) ?? []) {
        const { page, trespass, close } = await openPage(browser, `${ledger.url}${path}`, { theme, width })
        expect({ path, barriers: await barriers(page), ...(await trespass()), ...(await layoutOf(page)) }).toEqual({
          path,
          barriers: [],
          ...TRESPASS_FREE,
          // A budget page and the like have no chart; what has one must not hide it behind one name.
          overflow: 0,
          hiddenCharts: 0,
          headings: 1,
        })
        await close()
      }
    },
  )
})

// What axe does not see: a page that scrolls sideways, a chart whose bars a screen reader cannot reach, a page without a name.
function layoutOf(
  page: Page,
): Promise<{ readonly overflow: number; readonly hiddenCharts: number; readonly headings: number }> {
  return page.evaluate(() => ({
    overflow: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    hiddenCharts: document.querySelectorAll('svg[role="img"] [tabindex]').length,
    headings: document.querySelectorAll('h1').length,
  }))
}
