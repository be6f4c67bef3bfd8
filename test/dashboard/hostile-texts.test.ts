import type { Call } from '@spanledger/core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../core/build-call.ts'
import { hasChromium, openPage, settled, startBrowser, TRESPASS_FREE } from './browser.ts'
import { HOSTILE_TEXTS } from './hostile-texts.ts'
import { type Ledger, startLedger } from './ledger.ts'

const TEXT_COLUMNS = [
  'operation',
  'call_type',
  'name',
  'request_id',
  'sdk',
  'sdk_version',
  'service_name',
  'environment',
  'project_id',
  'user_id',
  'session_id',
  'company_id',
  'task_id',
  'provider',
  'raw_provider',
  'model',
  'request_model',
  'response_id',
  'finish_reason',
  'service_tier',
  'cost_reason',
  'price_version',
  'tool_name',
  'tool_call_id',
  'tool_type',
  'error_type',
  'error_message',
] as const satisfies readonly (keyof Call)[]

const CALLS_PER_TRACE = 60

describe.skipIf(!hasChromium())('a text of somebody else', () => {
  let browser: Browser
  let ledger: Ledger
  let calls: readonly Call[]

  beforeAll(async () => {
    browser = await startBrowser()
    calls = HOSTILE_TEXTS.map((_, index) => hostileCall(index))
    ledger = await startLedger({ calls, jaegerUrl: 'http://localhost:16686' })
    await ledger.store.ensureProject({ id: 'support' })
    await post('/api/budgets', 'POST', { name: textAt(0), period: 'day', limitUsd: 1, scope: { user: textAt(1) } })
    await post('/api/prices', 'PUT', { provider: textAt(2), model: textAt(3), per_mtok: { input: '1' } })
    await post('/api/projects/support', 'PATCH', { name: textAt(4) })
  })

  afterAll(async () => {
    await browser?.close()
    await ledger?.close()
  })

  async function post(path: string, method: string, body: unknown): Promise<void> {
    const answer = await fetch(`${ledger.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect({ path, isOk: answer.ok }).toEqual({ path, isOk: true })
  }

  test('is one of at least seven hundred, in every column of text', async () => {
    expect(HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(700)
    expect(new Set(HOSTILE_TEXTS).size).toBe(HOSTILE_TEXTS.length)
    expect((await ledger.store.summary({})).calls + (await ledger.store.summary({})).toolCalls).toBe(
      HOSTILE_TEXTS.length,
    )
  })

  test.each(['/', '/tools', '/sessions', '/spend?group=model', '/budgets', '/prices', '/health'])(
    'runs nothing, loads nothing and stays text: %s',
    async (path) => {
      const { page, trespass, close } = await openPage(
        browser,
        `${ledger.url}${path}${path.includes('?') ? '&' : '?'}range=all`,
      )
      for (const table of await page.getByText('Show as table').all()) await table.click()
      await expectTextOnly(page)
      expect(await trespass()).toEqual(TRESPASS_FREE)
      await close()
    },
  )

  test('runs nothing in any row of the table of calls', async () => {
    const { page, trespass, close } = await openPage(browser, `${ledger.url}/calls?range=all`)
    let rows = 0
    for (;;) {
      rows += await page.locator('tbody tr').count()
      await expectTextOnly(page)
      const next = page.getByRole('button', { name: 'Next 50' })
      if (await next.isDisabled()) break
      await next.click()
      await settled(page)
    }
    expect(rows).toBe(HOSTILE_TEXTS.length)
    expect(await trespass()).toEqual(TRESPASS_FREE)
    await close()
  })

  test('runs nothing in a call, its conversation, its tool and its trace; it is there as it was said', async () => {
    for (const index of [0, 1, CALLS_PER_TRACE, CALLS_PER_TRACE * 4 + 1]) {
      const call = calls[index]!
      const { page, trespass, close } = await openPage(browser, `${ledger.url}/calls/${call.trace_id}-${call.span_id}`)
      await page.locator('.waterfall').waitFor()
      for (const summary of await page.locator('summary').all()) await summary.click()
      for (const more of await page.getByRole('button', { name: /^Show all/ }).all()) await more.click()
      await expectTextOnly(page)
      const shown = await page.locator('main').evaluate((main) => main.textContent ?? '')
      // Control characters are not for a page to show.
      expect(shown).toContain(
        [call.user_id, call.operation, call.session_id].find((text) => text !== null && !/\p{Cc}/u.test(text)),
      )
      expect(await trespass()).toEqual(TRESPASS_FREE)
      await close()
    }
  })

  test('runs nothing in a session, in a filter, in the URL or in a title', async () => {
    const session = calls.find(({ session_id }) => session_id?.startsWith('<img'))?.session_id ?? ''
    const parameters = new URLSearchParams({
      range: 'all',
      user: textAt(0),
      model: textAt(6),
      q: textAt(7),
      tz: textAt(0),
      group: textAt(8),
    })
    for (const path of [
      `/sessions?${new URLSearchParams({ id: session })}`,
      `/calls?${parameters}`,
      `/calls?${new URLSearchParams({ id: textAt(1) })}`,
      '/%3Cimg%20src=x%20onerror=alert(1)%3E',
    ]) {
      const { page, trespass, close } = await openPage(browser, `${ledger.url}${path}`)
      await expectTextOnly(page)
      const { errors, ...rest } = await trespass()
      const { errors: none, ...free } = TRESPASS_FREE
      expect({ rest, scripts: errors.filter((error) => !error.includes('status of 4')) }).toEqual({
        rest: free,
        scripts: none,
      })
      await close()
    }
  })
})

// What would be there if a text had been taken for markup. The page itself draws with svg only.
async function expectTextOnly(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    pwned: 'pwned' in globalThis,
    elements: [
      ...document.querySelectorAll(
        'main :is(script, iframe, object, embed, img, video, audio, link, meta, base, style, marquee, math, template, xss), main svg :is(animate, foreignObject, script)',
      ),
    ].map((element) => element.outerHTML.slice(0, 100)),
    links: [...document.querySelectorAll('a[href]')]
      .map((link) => link.getAttribute('href') ?? '')
      .filter((href) => !/^(\/|#main|http:\/\/localhost:16686\/)/.test(href)),
    handlers: [...document.querySelectorAll('*')].flatMap((element) =>
      element.getAttributeNames().filter((name) => name.startsWith('on')),
    ),
  }))
  expect(found).toEqual({ pwned: false, elements: [], links: [], handlers: [] })
}

function textAt(index: number): string {
  return HOSTILE_TEXTS[index % HOSTILE_TEXTS.length] ?? ''
}

// Every column has another text than its neighbours, so that each text is in each column of some call.
function hostileCall(index: number): Call {
  const columns = Object.fromEntries(TEXT_COLUMNS.map((column, place) => [column, textAt(index + place * 31)]))
  const trace = Math.floor(index / CALLS_PER_TRACE) + 1
  const spanId = (index + 1).toString(16).padStart(16, '0')
  const first = ((trace - 1) * CALLS_PER_TRACE + 1).toString(16).padStart(16, '0')
  const startedAt = Date.now() - 86_400_000 + index * 100
  const said = textAt(index)
  return buildCall({
    ...columns,
    trace_id: trace.toString(16).padStart(32, '0'),
    span_id: spanId,
    run_id: first,
    parent_span_id: spanId === first ? null : first,
    kind: index % 3 === 1 ? 'tool' : 'model',
    billable: index % 3 === 1 ? 0 : 1,
    tags: [said, textAt(index + 1)],
    metadata: { [said]: said },
    request: { [said]: said },
    response_metadata: { [said]: said },
    usage_details: { [said]: said },
    cost_flags: [said],
    input_tokens: 10,
    output_tokens: 5,
    total_tokens: 15,
    usage_source: 'span',
    cost_nano_usd: index % 5 === 0 ? null : 1000,
    status: 'error',
    started_at: startedAt,
    ended_at: startedAt + 90,
    duration_ms: 90,
    content: buildContent({
      question: said,
      system_prompt: said,
      input_messages: [
        { role: said, parts: [{ type: said, content: said }] },
        { role: 'user', parts: [{ type: 'text', content: HOSTILE_TEXTS.join('\n') }] },
      ],
      output_messages: [{ role: 'assistant', parts: [{ type: 'tool_call', name: said, arguments: { [said]: said } }] }],
      answer: said,
      tool_definitions: [{ name: said }],
      tool_arguments: { [said]: said },
      tool_result: said,
      lengths: { [said]: 1 },
    }),
  })
}
