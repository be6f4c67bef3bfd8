// What converting a span takes us and others, in one process and on the same spans: each converter before the same
// exporter that does nothing, over what the SDK and that exporter take alone. Wall time, so a busy machine shows.
//
//   node --expose-gc --conditions=@spanledger/source bench/convert-peers.ts [characters of a prompt]
import assert from 'node:assert/strict'
import { availableParallelism, loadavg } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { type Converter, loadConverters, type Major } from './converters.ts'
import { medianOf } from './medians.ts'
import { type CallOfSpans, sevenSpans, sixSpans } from './spans.ts'
import { sevenToolSpans, sixToolSpans } from './tool-spans.ts'

const WARM_UP_ROUNDS = 3
const ROUNDS = 21
const SECTIONS = 20
const SPANS_OF_SECTION = 200
const PROMPT = 'What is the answer to life, the universe and everything? '
const promptLength = Number(process.argv[2] ?? 3 * PROMPT.length)
// Joined, so that the text is flat before the clock starts.
const prompt = Buffer.from(PROMPT.repeat(Math.ceil(promptLength / PROMPT.length)).slice(0, promptLength)).toString()

interface Shape {
  readonly name: string
  readonly major: Major
  readonly spans: number
  readonly spansOf: typeof sixSpans
}

const SHAPES: readonly Shape[] = [
  { name: 'AI SDK 6, one answer', major: 6, spans: 2, spansOf: sixSpans },
  { name: 'AI SDK 6, a tool', major: 6, spans: 4, spansOf: sixToolSpans },
  { name: 'AI SDK 7, one answer', major: 7, spans: 3, spansOf: sevenSpans },
  { name: 'AI SDK 7, a tool', major: 7, spans: 6, spansOf: sevenToolSpans },
]

const { BasicTracerProvider, baseline, ours, peers } = await loadConverters()
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

console.log(
  `Converting a span, µs over what the SDK takes alone (median of ${ROUNDS} rounds, prompts of ${prompt.length} characters)`,
)
for (const shape of SHAPES) {
  for (const converter of [...ours, ...peers]) assertMark(shape, converter)
  await compare(shape)
}
console.log(`\nload average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores, Node ${process.version}`)

async function compare(shape: Shape): Promise<void> {
  const converters = [baseline, ...ours, ...peers.filter(({ majors }) => majors.includes(shape.major))]
  const runners = converters.map((converter) => ({ make: makerOf(shape, converter, () => {}), rounds: [] as number[] }))
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    // Whoever comes first in one round comes last in the next.
    for (const index of runners.keys()) {
      const { make, rounds } = runners[(index + round) % runners.length]!
      const taken = await microsecondsPerSpan(make, shape.spans)
      if (round >= WARM_UP_ROUNDS) rounds.push(taken)
    }
  }

  const alone = runners[0]!.rounds
  const added = runners.map(({ rounds }) => medianOf(rounds.map((taken, round) => taken - alone[round]!)))
  console.log(`\n${shape.name} (${shape.spans} spans); the SDK alone ${medianOf(alone).toFixed(2)}`)
  for (const [index, { name, atLeast }] of converters.entries()) {
    if (index === 0) continue
    const cells = [name.padEnd(40), `+${added[index]!.toFixed(2)}`.padStart(7)]
    if (atLeast !== undefined) {
      const times = (of: number) => `${(added[index]! / added[of]!).toFixed(1)}×`
      cells.push(`  ${times(1)} preview (at least ${atLeast}×), ${times(2)} full`)
    }
    console.log(cells.join(''))
  }
  for (const { name, majors } of peers) {
    if (!majors.includes(shape.major)) console.log(`${name.padEnd(40)}  not for AI SDK ${shape.major}`)
  }
}

async function microsecondsPerSpan(make: CallOfSpans, spans: number): Promise<number> {
  const calls = Math.ceil(SPANS_OF_SECTION / spans)
  let ms = 0
  globalThis.gc?.()
  for (let section = 0; section < SECTIONS; section += 1) {
    const startedAt = performance.now()
    for (let call = 0; call < calls; call += 1) make(prompt)
    ms += performance.now() - startedAt
    // An export ends in a promise. Those of a section settle here, off the clock, before they fill the memory.
    await nextTurn()
  }
  return (ms * 1000) / (SECTIONS * calls * spans)
}

function makerOf(shape: Shape, converter: Converter, onExport: (spans: readonly ReadableSpan[]) => void): CallOfSpans {
  const exporter: SpanExporter = {
    export(spans, done) {
      onExport(spans)
      done({ code: 0 })
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const provider = new BasicTracerProvider({ spanProcessors: [converter.processorOf(exporter)] })
  return shape.spansOf(provider.getTracer(shape.major === 7 ? 'gen_ai' : 'ai'))
}

// Who converts nothing is fast.
function assertMark(shape: Shape, converter: Converter): void {
  const { attribute, value } = converter.mark
  const call = providerCallOf(shape, converter)
  assert.equal(attribute in providerCallOf(shape, baseline), false, `${shape.name} has ${attribute} unconverted`)
  if (converter.majors.includes(shape.major)) {
    assert.equal(call[attribute], value, `${converter.name} does not convert ${shape.name}`)
  }
}

function providerCallOf(shape: Shape, converter: Converter): ReadableSpan['attributes'] {
  const exported: ReadableSpan[] = []
  makerOf(shape, converter, (spans) => exported.push(...spans))(prompt)
  assert.equal(exported.length, shape.spans, `${converter.name} exports other spans of ${shape.name} than it was given`)
  const call = exported.find(({ attributes }) => attributes['gen_ai.response.id'] !== undefined)
  assert.ok(call, `${converter.name} exports no provider call of ${shape.name}`)
  return call.attributes
}
