import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BasicTracerProvider, NoopSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'
import { medianOf, percentileOf } from './medians.ts'
import { sevenSpans } from './spans.ts'

const CALLS = 20_000
const PAUSE_EVERY = 200
const PROMPT = 'Why is the sky blue, and why not green? '.repeat(256) // 10 KB

const folder = mkdtempSync(join(tmpdir(), 'spanledger-bench-'))
const log = openUsageLog(`file:${join(folder, 'usage.db')}`)
const ledger = new GenAISpanProcessor([new UsageSpanProcessor(log)])
const control = sevenSpans(new BasicTracerProvider({ spanProcessors: [new NoopSpanProcessor()] }).getTracer('gen_ai'))
const measured = sevenSpans(new BasicTracerProvider({ spanProcessors: [ledger] }).getTracer('gen_ai'))

const withLedger: number[] = []
const without: number[] = []
for (let call = 0; call < CALLS; call += 1) {
  without.push(msOf(() => control(PROMPT)))
  withLedger.push(msOf(() => measured(PROMPT)))
  // An application awaits its provider in between; batches leave for the worker then.
  if (call % PAUSE_EVERY === 0) await sleep(5)
}
await log.close()
rmSync(folder, { recursive: true, force: true })

const added = withLedger.slice(CALLS / 10).map((ms, index) => ms - (without[index + CALLS / 10] ?? 0))
console.log(`A call of 3 spans with a 10 KB prompt under preview, time on the main thread over a control in the same run (${CALLS} calls)
p50 ${medianOf(added).toFixed(3)} ms (at most 0.150)   p99 ${percentileOf(added, 0.99).toFixed(3)} ms   control p50 ${medianOf(without).toFixed(3)} ms
rows ${JSON.stringify(log.stats())}`)

// Everything here is synchronous, so wall time is time on the main thread. The thread's CPU clock is too coarse.
function msOf(work: () => void): number {
  const started = performance.now()
  work()
  return performance.now() - started
}
