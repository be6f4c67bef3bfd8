import { BasicTracerProvider, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { GenAISpanProcessor } from '@spanledger/otel'
import { medianOf } from './medians.ts'
import { type CallOfSpans, sevenSpans, sixSpans } from './spans.ts'

const ROUNDS = 15
const CALLS = 4_000
// Successive calls have different texts, as in an application.
const PROMPTS = Array.from({ length: 256 }, (_, index) =>
  Buffer.from(`${index} ${'What is the answer to life, the universe and everything? '.repeat(3)}`).toString(),
)

console.log('Time to convert a span, over the SDK alone in the same run (median of rounds, µs per span)\n')
for (const [name, spansOf, spans, limit] of [
  ['AI SDK 6', sixSpans, 2, 5],
  ['AI SDK 7', sevenSpans, 3, 3],
] as const) {
  const plain = makerOf(spansOf, new NoopSpanProcessor())
  const converting = makerOf(spansOf, new GenAISpanProcessor([new NoopSpanProcessor()]))
  const baseline: number[] = []
  const added: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = microsecondsPerSpan(plain, spans)
    baseline.push(without)
    added.push(microsecondsPerSpan(converting, spans) - without)
  }
  console.log(
    `${name}: +${medianOf(added).toFixed(2)} (at most ${limit}); the SDK alone ${medianOf(baseline).toFixed(2)}`,
  )
}

function makerOf(spansOf: typeof sixSpans, processor: SpanProcessor): CallOfSpans {
  return spansOf(
    new BasicTracerProvider({ spanProcessors: [processor] }).getTracer(spansOf === sevenSpans ? 'gen_ai' : 'ai'),
  )
}

function microsecondsPerSpan(make: CallOfSpans, spans: number): number {
  const started = process.threadCpuUsage()
  for (let call = 0; call < CALLS; call += 1) make(PROMPTS[call % PROMPTS.length]!)
  const used = process.threadCpuUsage(started)
  return (used.user + used.system) / CALLS / spans
}
