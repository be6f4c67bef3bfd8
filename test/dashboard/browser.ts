import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'

/** What a page did that it must not. */
export interface Trespass {
  readonly policyReports: readonly string[]
  readonly errors: readonly string[]
  readonly dialogs: readonly string[]
  readonly foreignRequests: readonly string[]
}

/** A page that is watched. */
export interface WatchedPage {
  readonly page: Page
  /** All of it so far. */
  trespass(): Promise<Trespass>
  close(): Promise<void>
}

interface OpenOptions {
  readonly width?: number
  readonly theme?: 'light' | 'dark'
  readonly tz?: string
}

/** A rule of WCAG that a page breaks, and where. */
export interface Barrier {
  readonly rule: string
  readonly nodes: readonly string[]
}

interface AxeOfPage {
  run(
    root: Document,
    options: object,
  ): Promise<{
    readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
  }>
}

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']

/** Nothing of the page that is tested is there: it says so, and CI fails. */
export const TRESPASS_FREE: Trespass = { policyReports: [], errors: [], dialogs: [], foreignRequests: [] }

/** Whether there is a Chromium to test with. Where there is none it says so, and in CI it throws. */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true
  const message = `No Chromium at ${CHROMIUM}: the dashboard is NOT TESTED. Install one, or set CHROMIUM_PATH.`
  if (process.env['CI'] !== undefined) throw new Error(message)
  console.warn(message)
  return false
}

/** Starts Chromium with a profile of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

/** Opens a page and watches it. */
export async function openPage(browser: Browser, url: string, options: OpenOptions = {}): Promise<WatchedPage> {
  const { width = 1440, theme = 'light', tz = 'Europe/Berlin' } = options
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    timezoneId: tz,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  const errors: string[] = []
  const dialogs: string[] = []
  const foreignRequests: string[] = []
  const page = await context.newPage()
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('blob:'))
      foreignRequests.push(request.url())
  })
  await page.addInitScript(() => {
    const reports: string[] = []
    Object.assign(globalThis, { policyReports: reports })
    addEventListener('securitypolicyviolation', (event) =>
      reports.push(`${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  await page.addInitScript({ content: AXE })
  await page.goto(url)
  await settled(page)
  return {
    page,
    async trespass() {
      const policyReports = await page.evaluate(
        () => (globalThis as unknown as { policyReports: string[] }).policyReports,
      )
      return { policyReports, errors, dialogs, foreignRequests }
    },
    close: () => context.close(),
  }
}

/** Waits until a heading is there and nothing is awaited any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.locator('.loading, [aria-busy="true"]').first().waitFor({ state: 'detached' })
}

/** Which rules of WCAG 2.2 A and AA the page breaks. */
export function barriers(page: Page): Promise<readonly Barrier[]> {
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: AxeOfPage }
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } })
    return violations.map(({ id, nodes }) => ({
      rule: id,
      nodes: nodes.slice(0, 5).map(({ html }) => html.slice(0, 160)),
    }))
  }, WCAG)
}
