import { hashToken } from '@spanledger/server'
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCall } from '../core/build-call.ts'
import { barriers, hasChromium, openPage, settled, startBrowser } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { sampleCalls } from './sample-calls.ts'

const MINUTE_MS = 60_000
const TOKEN = 'a-token-that-only-this-test-knows-0123'

describe.skipIf(!hasChromium())('who opens the page for the first time', () => {
  let browser: Browser
  const ledgers: Ledger[] = []

  beforeAll(async () => {
    browser = await startBrowser()
  })

  afterEach(async () => {
    for (const ledger of ledgers.splice(0)) await ledger.close()
  })

  afterAll(async () => {
    await browser?.close()
  })

  async function start(options: Parameters<typeof startLedger>[0] = {}): Promise<Ledger> {
    const ledger = await startLedger(options)
    ledgers.push(ledger)
    return ledger
  }

  test('without a call reads how far things are, and what to write with the address of this server', async () => {
    const { url } = await start()
    const rejected = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"resourceSpans": ',
    })
    expect(rejected.status).toBe(400)
    const { page, close } = await openPage(browser, url)
    const checks = page.getByRole('region', { name: 'Setup status' })
    await checks.getByText('The server is running.').waitFor()
    await checks.getByText('No spans received over HTTP since the server started.').waitFor()
    await checks.getByText(/Request rejected .* ago:/).waitFor()

    const snippet = page.getByRole('region', { name: 'Code to copy' })
    const frameworks = await page.getByLabel('Using').locator('option').allInnerTexts()
    expect(frameworks.length).toBeGreaterThanOrEqual(6)
    for (const framework of frameworks) {
      await page.getByLabel('Using').selectOption(framework)
      expect(await snippet.innerText()).toContain(url)
    }
    await close()
  })

  test('reads the install line of the README, not one of a registry', async () => {
    const { url } = await start()
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const packages = /^npm install (\S+artifacts\S+)/m.exec(readme)?.[1] ?? ''
    const { page, close } = await openPage(browser, url)
    for (const framework of ['node', 'code', 'next', 'sdk']) {
      await page.getByLabel('Using').selectOption(framework)
      const installs = (await page.getByRole('region', { name: 'Code to copy' }).innerText()).match(/npm install .*/g)
      expect({ framework, installs: installs?.map((line) => line.split(' ')[2]) }).toEqual({
        framework,
        installs: [packages],
      })
    }
    await close()
  })

  test('in the first hour sees that hour, in the first day that day, and any range that is chosen', async () => {
    const labelAfter = async (ageMs: number): Promise<string> => {
      const call = buildCall({ started_at: Date.now() - ageMs, input_tokens: 5, usage_source: 'span' })
      const { url } = await start({ calls: [call] })
      const { page, close } = await openPage(browser, url)
      const range = page.getByRole('button', { name: /^Time range/ })
      await page.getByText(/^Last call/).waitFor()
      const label = await range.locator('.popover-label').innerText()
      await range.click()
      await page.getByRole('button', { name: 'Last 7 days', exact: true }).click()
      await settled(page)
      expect(await range.locator('.popover-label').innerText()).toBe('Last 7 days')
      await close()
      return label
    }
    expect(await labelAfter(10 * MINUTE_MS)).toBe('Last hour')
    expect(await labelAfter(120 * MINUTE_MS)).toBe('Last 24 hours')
    expect(await labelAfter(3000 * MINUTE_MS)).toBe('Last 7 days')
  })

  test('sees the last call of an application that writes to the database itself', async () => {
    const { url } = await start({ calls: [buildCall({ started_at: Date.now() - 5 * MINUTE_MS })] })
    const { page, close } = await openPage(browser, `${url}/health`)
    const status = page.getByRole('link', { name: /^Last call 5 min ago/ })
    expect(await status.innerText()).toContain('0 dropped by this server')
    await page.getByText(/1 call stored, the last one 5 min ago/).waitFor()
    await close()
  })

  test('at a path that is none is told so, under that path', async () => {
    const { url } = await start()
    const { page, close } = await openPage(browser, `${url}/nowhere?range=24h`)
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.getByText('There is no page at /nowhere.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/nowhere')
    await page.getByRole('link', { name: 'Go to Overview' }).click()
    await page.waitForURL(/\/\?range=24h/)
    await close()
  })

  test('can do what the page says with curl, and sees the call', async () => {
    const { url } = await start()
    const { page, close } = await openPage(browser, url)
    await page.getByLabel('Using').selectOption('curl')
    const snippet = await page.getByRole('region', { name: 'Code to copy' }).innerText()
    const body = /-d '(.*)'$/s.exec(snippet.trim())?.[1] ?? ''
    const answer = await fetch(/curl (\S+)/.exec(snippet)?.[1] ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(answer.status).toBe(201)
    await page.getByRole('list', { name: 'Operations by cost' }).getByText('first call').waitFor()
    await close()
  })

  test('is told that demo data is made up', async () => {
    const { url } = await start({
      calls: sampleCalls({ until: Date.now(), days: 2, runsPerDay: 5, environment: 'demo' }),
    })
    const { page, close } = await openPage(browser, url)
    await page.getByText('Demo data.').waitFor()
    expect(await barriers(page)).toEqual([])
    await close()
  })

  test('gives the token that the server asks for, once, and everything works: numbers, live updates, export', async () => {
    const { url } = await start({
      calls: sampleCalls({ until: Date.now(), days: 2, runsPerDay: 5 }),
      tokens: [{ hash: hashToken(TOKEN), scope: 'read' }],
    })
    const { page, close } = await openPage(browser, url)
    await page.getByText('This server requires a token').waitFor()
    expect(await barriers(page)).toEqual([])
    await page.getByLabel('Token').fill(TOKEN)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.locator('.tile').first().waitFor()
    await settled(page)
    await page.getByRole('button', { name: 'Live', exact: true }).waitFor()

    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: /^JSONL export/ }).click()
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n')
    expect(lines.length).toBeGreaterThan(10)
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(TOKEN)
    expect(page.url()).not.toContain(TOKEN)
    await close()
  })

  test('sees that the server is gone, and keeps the last numbers', async () => {
    const ledger = await startLedger({ calls: sampleCalls({ until: Date.now(), days: 2, runsPerDay: 5 }) })
    const { page, close } = await openPage(browser, ledger.url)
    await page.locator('.tile').first().waitFor()
    await ledger.close()
    await page.keyboard.press('r')
    await page.getByRole('alert').getByText('The server is not responding').waitFor()
    expect(await page.locator('.tile').count()).toBeGreaterThan(5)
    await page.getByRole('button', { name: 'Reconnecting' }).waitFor()
    await close()
  })
})
