import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../core/build-call.ts'
import { barriers, hasChromium, openPage, startBrowser, TRESPASS_FREE, type WatchedPage } from './browser.ts'
import { type Ledger, startLedger } from './ledger.ts'

const ANSWER = `# Your order

It is **lost**, see \`track()\`:

1. We *refund* it
2. You [reply](https://evil.example/?leak=1) ![x](https://evil.example/pixel.png)

\`\`\`js
console.log('<b>hi</b>')
\`\`\`

| item | price |
| --- | --- |
| tea | $4 |

<img src=x onerror=alert(1)> <b>not bold</b>`

describe.skipIf(!hasChromium())('the conversation of a call', () => {
  let browser: Browser
  let ledger: Ledger
  const opened: WatchedPage[] = []

  beforeAll(async () => {
    browser = await startBrowser()
    const said = buildCall({
      span_id: '1'.repeat(16),
      started_at: Date.now() - 60_000,
      status: 'aborted',
      content: buildContent({
        question: 'Where is **it**?',
        answer: ANSWER,
        lengths: { question: 16, answer: 9000, input_messages: 3 },
        output_messages: [
          {
            role: 'assistant',
            parts: [
              { type: 'text', content: ANSWER },
              { type: 'tool_call', name: 'findOrder', arguments: { id: 'A-17' } },
              { type: 'tool_call_response', name: 'findOrder', response: 'lost' },
            ],
          },
        ],
      }),
    })
    const quotes = buildCall({
      span_id: '2'.repeat(16),
      started_at: Date.now() - 60_000,
      content: buildContent({ question: '>'.repeat(40_000), answer: `${'- '.repeat(500)}deep` }),
    })
    ledger = await startLedger({ calls: [said, quotes] })
  })

  afterAll(async () => {
    for (const { close } of opened) await close()
    await browser?.close()
    await ledger?.close()
  })

  async function open(span: string): Promise<Page> {
    const watched = await openPage(browser, `${ledger.url}/calls/0af7651916cd43dd8448eb211c80319c-${span}`)
    opened.push(watched)
    return watched.page
  }

  test('shows Markdown as elements, and markup, links and images as text', async () => {
    const page = await open('1'.repeat(16))
    const answer = page.locator('.message-assistant .markdown')
    await answer.waitFor()
    expect(await answer.locator('strong').allInnerTexts()).toEqual(['Your order', 'lost'])
    expect(await answer.locator('ol > li').count()).toBe(2)
    expect(await answer.locator('pre').innerText()).toBe("console.log('<b>hi</b>')")
    expect(await answer.locator('td').allInnerTexts()).toEqual(['tea', '$4'])
    const shown = await answer.innerText()
    expect(shown).toContain('<img src=x onerror=alert(1)> <b>not bold</b>')
    expect(shown).toContain('[reply](https://evil.example/?leak=1) ![x](https://evil.example/pixel.png)')
    expect(await answer.locator('a, img, b').count()).toBe(0)
    expect(await barriers(page)).toEqual([])
  })

  test('has the answer below the tool call that led to it, and says what was shortened', async () => {
    const page = await open('1'.repeat(16))
    await page.locator('.message-assistant .markdown').waitFor()
    expect(await page.locator('.message-assistant .message-label').allInnerTexts()).toEqual([
      'Tool call findOrder',
      'Tool result findOrder',
    ])
    const last = page.locator('.message-assistant .message-parts > div').last()
    expect(await last.locator('.markdown').count()).toBe(1)
    await page.getByText('Shortened when it was stored: the answer had 9,000 characters.').waitFor()
  })

  test('of a call that was aborted says why it has no whole answer, and what to do', async () => {
    const page = await open('1'.repeat(16))
    const why = page.getByRole('region', { name: 'Why there is no whole answer' })
    expect(await why.innerText()).toContain('call consumeStream() on the result')
  })

  test('is there as it was said where it is too deep to read', async () => {
    const page = await open('2'.repeat(16))
    await page.locator('.message-assistant').waitFor()
    await page
      .getByRole('button', { name: /^Show all/ })
      .first()
      .click()
    expect((await page.locator('.message-user').innerText()).length).toBeGreaterThan(1000)
  })

  test('did nothing that its policy forbids', async () => {
    expect(opened.length).toBe(4)
    for (const { trespass } of opened) expect(await trespass()).toEqual(TRESPASS_FREE)
  })
})
