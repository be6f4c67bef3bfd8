import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createPriceBook, type PriceBook, type PriceQuery } from '@spanledger/core'
import { medianOf } from './medians.ts'

const AT = Date.UTC(2026, 10, 1)
const COLD_RUNS = 11
const ROUNDS = 15
const CALLS = 20_000

const openai: PriceQuery = {
  provider: 'openai',
  model: 'gpt-5-2025-08-07',
  requestModel: 'gpt-5',
  atMs: AT,
  usage: { inputTokens: 1200, outputTokens: 300, cacheReadTokens: 1024, reasoningTokens: 128 },
  kind: 'model',
}
const anthropic: PriceQuery = {
  provider: 'anthropic',
  model: 'claude-sonnet-4-5-20250929',
  atMs: AT,
  usage: {
    inputTokens: 9000,
    outputTokens: 400,
    cacheReadTokens: 4000,
    cacheWriteTokens: 2000,
    cacheWrite1hTokens: 500,
  },
  kind: 'model',
}
const openrouter: PriceQuery = { ...openai, provider: 'openrouter', model: 'openai/gpt-4.1', requestModel: undefined }
const unknown: PriceQuery = { ...openai, provider: 'lmstudio' }

if (process.argv[2] === '--cold') {
  console.log(coldMs().join(' '))
} else {
  cold()
  warm()
}

// In a separate process each time, because nothing is cold the second time.
function cold(): void {
  const runs = Array.from({ length: COLD_RUNS }, () => {
    const { stdout } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), '--cold'])
    return String(stdout).trim().split(' ').map(Number)
  })
  const median = (index: number): string => medianOf(runs.map((run) => run[index] ?? Number.NaN)).toFixed(2)
  console.log('The first cost in a process (median of processes, ms)\n')
  console.log(`creating the price book: ${median(0)}`)
  console.log(`first OpenAI call: +${median(1)}, then Anthropic +${median(2)}, then OpenRouter +${median(3)}`)
  console.log(
    `total: ${medianOf(runs.map((run) => run.reduce((sum, part) => sum + part, 0))).toFixed(2)} (at most 15)\n`,
  )
}

function coldMs(): number[] {
  const marks = [performance.now()]
  const book = createPriceBook()
  marks.push(performance.now())
  for (const query of [openai, anthropic, openrouter]) {
    book.costOf(query)
    marks.push(performance.now())
  }
  return marks.slice(1).map((mark, index) => mark - (marks[index] ?? mark))
}

function warm(): void {
  const custom = { schema: 1, prices: [{ provider: 'openai', model: 'gpt-5*', discount: '0.85' }] } as const
  const list = createPriceBook()
  const own = createPriceBook({ custom })
  console.log('A cost, warm (median of rounds, µs per call; at most 2)\n')
  for (const [name, book, query] of [
    ['OpenAI', list, openai],
    ['Anthropic, two kinds of cache writes', list, anthropic],
    ['OpenRouter', list, openrouter],
    ['OpenAI at a discount', own, openai],
    ['unknown provider', list, unknown],
  ] as const) {
    console.log(`${name}: ${microseconds(book, query).toFixed(2)}`)
  }
}

function microseconds(book: PriceBook, query: PriceQuery): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const started = performance.now()
    for (let call = 0; call < CALLS; call += 1) book.costOf(query)
    return ((performance.now() - started) * 1000) / CALLS
  })
  return medianOf(rounds)
}
