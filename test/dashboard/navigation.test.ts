import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, hasChromium, openPage, settled, startBrowser, TRESPASS_FREE, type WatchedPage } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'
import { sampleCalls } from './sample-calls.ts'

describe.skipIf(!hasChromium())('the dashboard', () => {
  let browser: Browser
  let ledger: Ledger
  const opened: WatchedPage[] = []

  beforeAll(async () => {
    browser = await startBrowser()
    ledger = await startLedger({ calls: sampleCalls({ until: Date.now(), days: 6, runsPerDay: 25 }) })
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  async function open(path: string): Promise<Page> {
    const watched = await openPage(browser, `${ledger.url}${path}`)
    opened.push(watched)
    return watched.page
  }

  test('puts everything that changes what is shown into the URL, and the back button undoes it', async () => {
    const page = await open('/')
    expect(urlOf(page)).toBe('/?tz=Europe/Berlin')
    const before = await tile(page, 'Calls')

    await page
      .getByRole('list', { name: 'Models by cost' })
      .getByRole('link', { name: /^gpt-5 / })
      .click()
    await settled(page)
    expect(urlOf(page)).toBe('/?tz=Europe/Berlin&model=gpt-5')
    const filtered = await tile(page, 'Calls')
    expect(Number(filtered)).toBeLessThan(Number(before))

    await page.getByRole('button', { name: /^Time range/ }).click()
    await page.getByRole('button', { name: 'Last 24 hours' }).click()
    await page.getByLabel('Group by').selectOption('Operation')
    await settled(page)
    expect(urlOf(page)).toBe('/?tz=Europe/Berlin&model=gpt-5&range=24h&group=operation')

    await page.goBack()
    await page.goBack()
    await settled(page)
    expect(urlOf(page)).toBe('/?tz=Europe/Berlin&model=gpt-5')
    await expectTile(page, 'Calls', filtered)
    await page.goBack()
    await expectTile(page, 'Calls', before)
  })

  test('asks once for what a page shows', async () => {
    const page = await open('/health')
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(`${ledger.url}/`)
    await settled(page)
    await page.locator('.tile').first().waitFor()
    expect(asked.filter((path) => path === '/api/overview')).toEqual(['/api/overview'])
  })

  test('shows the same to whoever is given the link', async () => {
    const path = `/calls?range=all&tz=Asia/Tokyo&sort=costNanoUsd&model=gpt-5&model=gpt-5-mini&q=ada`
    const [mine, theirs] = [await open(path), await open(path)]
    const rows = await mine.locator('tbody').innerText()
    expect(rows.length).toBeGreaterThan(100)
    expect(await theirs.locator('tbody').innerText()).toBe(rows)
    expect(await theirs.getByRole('columnheader', { name: 'Cost' }).getAttribute('aria-sort')).toBe('descending')
    expect(await theirs.getByRole('button', { name: /^Time zone/ }).innerText()).toContain('Asia/Tokyo')
  })

  test('sorts by cost, and pages to the end without a row twice', async () => {
    const page = await open('/calls?range=all&kind=model&sort=costNanoUsd')
    const seen: string[] = []
    for (;;) {
      seen.push(
        ...(await page
          .locator('tbody .row-link')
          .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))),
      )
      const next = page.getByRole('button', { name: 'Next 50' })
      if (await next.isDisabled()) break
      await next.click()
      await settled(page)
    }
    const { calls } = await ledger.store.summary({ kind: 'model' })
    expect({ rows: seen.length, different: new Set(seen).size }).toEqual({ rows: calls, different: calls })
  })

  test('can be walked with the keyboard alone', async () => {
    const page = await open('/')
    const { keyboard } = page
    await keyboard.press('?')
    expect(await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).isVisible()).toBe(true)
    await keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)

    await keyboard.press('/')
    await page.getByLabel(/^Filter by/).waitFor()
    await keyboard.type('operation:chat')
    await keyboard.press('Enter')
    await settled(page)
    expect(urlOf(page)).toBe('/?tz=Europe/Berlin&operation=chat')
    await page.getByRole('button', { name: 'Remove filter Operation chat' }).waitFor()

    await keyboard.press('g')
    await keyboard.press('c')
    await settled(page)
    expect(urlOf(page)).toBe('/calls?tz=Europe/Berlin&operation=chat')
    await page.locator('tbody tr').first().waitFor()
    await keyboard.press('j')
    await keyboard.press('j')
    await keyboard.press('Enter')
    await page.locator('.waterfall').waitFor()
    const first = urlOf(page)
    expect(first).toMatch(/^\/calls\/[0-9a-f]{32}-[0-9a-f]{16}\?/)
    await keyboard.press(']')
    await page.waitForFunction((path) => location.pathname + location.search !== path, first)
    await keyboard.press('Escape')
    await page.waitForURL(/\/calls\?/)
  })

  test('sets a filter with the keyboard alone: Enter takes the first of a list, the arrows go through it', async () => {
    const page = await open('/calls')
    const { keyboard } = page
    await keyboard.press('/')
    await keyboard.type('user')
    await keyboard.press('Enter')
    await page.getByLabel('User is').waitFor()
    await page.getByRole('checkbox', { name: /^heidi/ }).waitFor()
    await keyboard.type('hei')
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove filter User heidi' }).waitFor()

    await page.getByRole('button', { name: /^Add filter/ }).click()
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Requested model')
    await keyboard.type('stat')
    expect(await page.getByLabel(/^Filter by/).inputValue()).toBe('stat')
    await keyboard.press('Enter')
    await page.getByRole('checkbox', { name: /^ok/ }).waitFor()
    await keyboard.press('ArrowDown')
    await keyboard.press('Space')
    await page.getByRole('button', { name: /^Remove filter Status/ }).waitFor()
    expect(new URL(page.url()).searchParams.getAll('user')).toEqual(['heidi'])
  })

  test('reaches every control with Tab, each with a name and a visible focus', async () => {
    const page = await open('/')
    const stops: { readonly name: string; readonly isVisible: boolean }[] = []
    for (let step = 0; step < 150; step += 1) {
      await page.keyboard.press('Tab')
      const stop = await page.evaluate(() => {
        const element = document.activeElement
        if (element === null || element === document.body) return undefined
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        const drawn = element.querySelector('.bucket-back')
        const isDrawn = drawn !== null && getComputedStyle(drawn).stroke !== 'none'
        const name =
          element.getAttribute('aria-label') ?? element.closest('label')?.textContent ?? element.textContent ?? ''
        return { name: name.trim(), isVisible: isDrawn || (outlineStyle !== 'none' && outlineWidth !== '0px') }
      })
      if (stop === undefined) break
      stops.push(stop)
    }
    expect(stops.length).toBeGreaterThan(40)
    expect(stops.filter(({ name, isVisible }) => name === '' || !isVisible)).toEqual([])
    expect(stops[0]?.name).toBe('Skip to content')
    expect(stops.filter(({ name }) => name.endsWith('Press Enter to show its calls')).length).toBe(2)
  })

  test('moves over a chart with the arrows, one stop for Tab, and opens the calls of a bar', async () => {
    const page = await open('/?range=24h')
    const bars = page.getByRole('group', { name: /^Cost over time by model/ }).getByRole('button')
    await bars.first().waitFor()
    expect(await bars.evaluateAll((all) => all.filter((bar) => bar.getAttribute('tabindex') === '0').length)).toBe(1)
    const count = await bars.count()
    await bars.nth(count - 1).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await bars.nth(count - 2).evaluate((bar) => bar === document.activeElement)).toBe(true)
    expect(await bars.nth(count - 2).getAttribute('aria-label')).toMatch(
      /\d\d:\d\d–\d\d:\d\d.*: .*Press Enter to show its calls/,
    )
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/calls\?.*from=/)
  })

  test('says which grouping of a link it does not know, and keeps the choice of others', async () => {
    for (const path of ['/?group=banana', '/spend?group=banana']) {
      const page = await open(path)
      await page.getByRole('alert').getByText('Cannot group by “banana”.').waitFor()
      await page.getByRole('combobox').first().selectOption('Operation')
      await page.getByRole('alert').waitFor({ state: 'detached' })
      expect(new URL(page.url()).searchParams.get('group')).toBe('operation')
    }
  })

  test('leaves single keys alone when they are switched off', async () => {
    const page = await open('/')
    await page.keyboard.press('?')
    await page.getByLabel('Enable single-key shortcuts').uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    expect(await page.locator('.popover-panel').count()).toBe(0)
  })

  test('keeps the colours that were chosen', async () => {
    const page = await open('/')
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await paper()
    await page.getByRole('button', { name: 'Dark' }).click()
    const dark = await paper()
    expect(dark).not.toBe(light)
    await page.reload()
    await settled(page)
    expect(await paper()).toBe(dark)
  })

  test('sets a price for what has none, and re-prices after a preview', async () => {
    const page = await open('/prices?range=all')
    await page.getByRole('button', { name: 'Set price for house-llama-70b' }).click()
    await page.getByLabel('Input ($ per million tokens)').fill('1')
    await page.getByLabel('Output ($ per million tokens)').fill('2')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('region', { name: 'Custom prices' }).getByText('house-llama-70b').first().waitFor()
    const before = await ledger.store.summary({ model: 'house-llama-70b' })

    await page.getByRole('button', { name: 'Preview' }).click()
    const store = page.getByRole('button', { name: /^Save .* new costs?$/ })
    await store.waitFor()
    expect((await ledger.store.summary({ model: 'house-llama-70b' })).costNanoUsd).toBe(before.costNanoUsd)
    await store.click()
    await page.getByText('repriced').waitFor()
    const { costNanoUsd, inputTokens, outputTokens, unpricedCalls } = await ledger.store.summary({
      model: 'house-llama-70b',
    })
    expect({ costNanoUsd, unpricedCalls }).toEqual({
      costNanoUsd: ((inputTokens ?? 0) + 2 * (outputTokens ?? 0)) * 1000,
      unpricedCalls: 0,
    })
  })

  test('makes a budget, shows how much of it is spent, and deletes it after asking', async () => {
    const page = await open('/budgets')
    await page.getByRole('button', { name: 'New budget' }).click()
    await page.getByLabel('Name').fill('The shop')
    await page.getByLabel('Limit (USD)').fill('2.5')
    await page.getByLabel('Applies to').selectOption('project')
    await page.getByLabel('Value').fill('shop')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Project shop').waitFor()
    await page.getByRole('img', { name: /^The shop: \d+% of the budget spent$/ }).waitFor()
    await page.getByRole('button', { name: 'Delete The shop' }).click()
    await page.getByRole('button', { name: 'Delete The shop' }).click()
    await page.getByText('No budgets yet').waitFor()
    expect(await ledger.store.budgets()).toEqual([])
  })

  test('breaks no rule of WCAG 2.2 AA in what opens above it', async () => {
    const page = await open('/')
    for (const name of [/^Add filter/, /^Time zone/, /^Time range/]) {
      await page.getByRole('button', { name }).click()
      await page.locator('.popover-panel').waitFor()
      expect({ name: String(name), barriers: await barriers(page) }).toEqual({ name: String(name), barriers: [] })
      await page.keyboard.press('Escape')
      expect(await page.getByRole('button', { name }).evaluate((button) => button === document.activeElement)).toBe(
        true,
      )
    }
    await page.getByText('Show as table').first().click()
    await page.keyboard.press('?')
    expect(await barriers(page)).toEqual([])
    for (const [path, button] of [
      ['/budgets', 'New budget'],
      ['/prices', 'Set price'],
    ] as const) {
      const form = await open(path)
      await form.getByRole('button', { name: button, exact: true }).click()
      expect({ path, barriers: await barriers(form) }).toEqual({ path, barriers: [] })
    }
  })

  test('did nothing that its policy forbids in all of this', async () => {
    expect(opened.length).toBeGreaterThan(8)
    for (const watched of opened) {
      expect(await watched.trespass()).toEqual(TRESPASS_FREE)
      await watched.close()
    }
  })
})

function urlOf(page: Page): string {
  const { pathname, search } = new URL(page.url())
  return pathname + search
}

async function tile(page: Page, label: string): Promise<string> {
  return page
    .locator('.tile', { has: page.getByText(label, { exact: true }) })
    .locator('.tile-value')
    .innerText()
}

async function expectTile(page: Page, label: string, value: string): Promise<void> {
  await page
    .locator('.tile', { has: page.getByText(label, { exact: true }) })
    .getByText(value, { exact: true })
    .waitFor()
  expect(await tile(page, label)).toBe(value)
}
