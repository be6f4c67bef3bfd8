import { createContentPolicy, createRedactor } from '@spanledger/core'

// node --conditions=@spanledger/source bench/redact.ts
const MEGABYTE = 1_000_000
const ROUNDS = 15

const prose =
  'The quarterly review showed that most customers prefer shorter answers, and that they rarely read past the second ' +
  'paragraph. Please summarize the attached conversation: keep names, dates (such as 2024-05-17) and numbers like 1,250 ' +
  'intact; mention https://example.com/docs/getting-started once. "Thanks," she wrote. It was 10:45 when we left.\n'
const code =
  'export async function readRows(options: ReadOptions): Promise<readonly Row[]> {\n' +
  "  const response = await fetch(`${options.baseUrl}/api/rows?limit=${limit}`, { headers: { accept: 'application/json' } })\n" +
  '  if (!response.ok) throw new Error(`Could not read rows: ${response.status}`)\n  return rowsOf(await response.json())\n}\n'
const json = JSON.stringify({
  id: 'chatcmpl-9f8e7d6c5b4a',
  rows: [{ name: 'Ada', tokens: 12, at: '2024-05-17T10:45:00Z', hash: '356a192b7913b04c54574d18c28d46e6395428ab' }],
})
const secrets =
  'key sk-proj-abcDEF123456ghiJKL789012mnoPQR and postgres://app:hunter2@db.internal:5432/shop, ' +
  'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123\n'

const ordinary: Record<string, string> = { prose, 'prose, not Latin': `${prose} — 你好 `, code, json }
const adversarial: Record<string, string> = {
  secrets,
  'one letter': 'a',
  base64: 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkrLw',
  'sk-': 'sk-',
  'sk-proj-': 'sk-proj-',
  's-': 's-',
  'eyJ-': 'eyJ-',
  'eyJ.': 'eyJ.',
  'SG.': 'SG.',
  'hf_.': 'hf_.',
  'AKIA-': 'AKIA-',
  'xoxb-xapp-': 'xoxb-xapp-',
  ':': ':',
  ': ': ': ',
  '=a:': '=a:',
  'key:': 'key:',
  'apikey:': 'apikey:',
  'password=a': 'password=a',
  'password="': 'password="',
  'authorization:': 'authorization:',
  'Bearer ': 'Bearer ',
  '://a:': '://a:',
  '://a:b@': '://a:b@',
  '12345678:A': '12345678:A',
  '-----BEGIN': '-----BEGIN',
  'private key': '-----BEGIN PRIVATE KEY-----',
  'cookie: a=': 'cookie: a=',
  '…': '…',
}

const { redactText } = createRedactor()

// Warms up with all texts, so that no sample benefits from code optimized for its own kind of text.
for (const sample of Object.values({ ...ordinary, ...adversarial })) redactText(repeat(sample, 100_000))

reportControl()
report('ordinary', ordinary)
report('adversarial', adversarial)
reportShort()
reportPolicy()

function report(title: string, samples: Record<string, string>): void {
  console.log(`\n${title}: ms per MB (and per MB of a text four times as long)`)
  for (const [name, sample] of Object.entries(samples)) {
    const short = repeat(sample, MEGABYTE)
    const long = repeat(sample, 4 * MEGABYTE)
    const one = best(() => redactText(short))
    const four = best(() => redactText(long)) / 4
    console.log(`${name.padEnd(20)} ${one.toFixed(2).padStart(8)} ${four.toFixed(2).padStart(8)}`)
  }
}

/** Measures reading each character once: the scale for all other figures. */
function reportControl(): void {
  const text = repeat(prose, MEGABYTE)
  let sum = 0
  const ms = best(() => {
    for (let index = 0; index < text.length; index += 1) sum += text.charCodeAt(index)
  })
  console.log(`control, reading each character once: ${ms.toFixed(2)} ms per MB (${sum > 0 ? 'read' : 'not read'})`)
}

function reportShort(): void {
  const text = prose.repeat(2).slice(0, 500)
  const calls = 100_000
  const ms = best(() => {
    for (let call = 0; call < calls; call += 1) redactText(text)
  })
  console.log(`\n500 characters of prose: ${((ms * 1e6) / calls).toFixed(0)} ns`)
}

function reportPolicy(): void {
  const policy = createContentPolicy({ mode: 'preview' })
  const draft = {
    systemInstructions: [{ type: 'text', content: prose.repeat(10) }],
    inputMessages: [
      { role: 'user', parts: [{ type: 'text', content: prose.repeat(5) }] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'search', arguments: { query: prose } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { rows: [prose, prose] } }] },
      { role: 'user', parts: [{ type: 'text', content: prose.repeat(10) }] },
    ],
    outputMessages: [{ role: 'assistant', finish_reason: 'stop', parts: [{ type: 'text', content: prose.repeat(5) }] }],
    toolDefinitions: [{ type: 'function', name: 'search', description: prose, parameters: { type: 'object' } }],
  }
  const calls = 20_000
  const ms = best(() => {
    for (let call = 0; call < calls; call += 1) policy.apply(draft)
  })
  console.log(
    `policy.apply, preview, ${JSON.stringify(draft).length} characters: ${((ms * 1e3) / calls).toFixed(1)} µs`,
  )
}

function repeat(sample: string, length: number): string {
  const text = sample.repeat(Math.ceil(length / sample.length)).slice(0, length)
  // Joined, so that the string is flat before timing starts.
  return Buffer.from(text).toString()
}

/** CPU time, so that other processes of the machine do not matter. */
function best(run: () => void): number {
  let ms = Infinity
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    ms = Math.min(ms, (user + system) / 1000)
  }
  return ms
}
