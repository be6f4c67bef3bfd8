import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall } from '../core/build-call.ts'
import { barriers, hasChromium, openPage, startBrowser, type WatchedPage } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'

describe.skipIf(!hasChromium())('a saved view', () => {
  let browser: Browser
  let ledger: Ledger
  const opened: WatchedPage[] = []

  beforeAll(async () => {
    browser = await startBrowser()
    const users = ['ada', 'heidi']
    const calls = users.map((user_id, index) =>
      buildCall({ span_id: `${index + 1}`.padStart(16, '0'), user_id, started_at: Date.now() - 60_000 }),
    )
    ledger = await startLedger({ calls })
  })

  afterAll(async () => {
    for (const { close } of opened) await close()
    await browser?.close()
    await ledger?.close()
  })

  async function open(path: string, width = 1280): Promise<Page> {
    const watched = await openPage(browser, `${ledger.url}${path}`, { width })
    opened.push(watched)
    return watched.page
  }

  const views = (page: Page) => page.getByRole('button', { name: /^Saved views/ })

  test('is the page with its filters, for everybody, until somebody deletes it', async () => {
    const page = await open('/calls?notUser=heidi')
    await views(page).click()
    await page.getByText('No view is saved yet.').waitFor()
    await page.getByLabel('Save this page as').fill('Without heidi')
    await page.getByRole('button', { name: 'Save view' }).click()
    await page.getByRole('link', { name: 'Without heidi' }).waitFor()
    expect(await barriers(page)).toEqual([])

    const other = await open('/')
    await views(other).click()
    await other.getByRole('link', { name: 'Without heidi' }).click()
    await other.getByRole('button', { name: 'Remove filter User is not heidi' }).waitFor()
    expect(new URL(other.url()).pathname).toBe('/calls')

    await views(other).click()
    await other.getByRole('button', { name: 'Delete view Without heidi' }).click()
    await other.getByText('No view is saved yet.').waitFor()
  })

  test('cannot have the name of another one, and the page says so', async () => {
    const page = await open('/calls', 320)
    await views(page).click()
    for (const [attempt, expected] of [
      [1, page.getByRole('link', { name: 'Mine' })],
      [2, page.getByText('A view with this name already exists')],
    ] as const) {
      await page.getByLabel('Save this page as').fill('Mine')
      await page.getByRole('button', { name: 'Save view' }).click()
      await expected.waitFor()
      expect(await barriers(page), `attempt ${attempt}`).toEqual([])
    }
  })
})
