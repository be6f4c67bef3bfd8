// Compares the time to convert a span with other converters, in one process and on the same spans. Each converter runs in
// front of the same no-op exporter; the time of the SDK with that exporter is subtracted. Measures CPU time of the thread,
// so that other processes matter less.
//
//   node --expose-gc --conditions=@spanledger/source bench/convert-peers.ts [prompt characters]
import assert from 'node:assert/strict'
import { availableParallelism, loadavg } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { type Converter, loadConverters, type Major, type Pipeline } from './converters.ts'
import { medianOf } from './medians.ts'
import { type CallOfSpans, sevenSpans, sixSpans } from './spans.ts'
import { sevenToolSpans, sixToolSpans } from './tool-spans.ts'

const ROUNDS = 15
const SPANS_OF_SECTION = 1_200
// Like a service that has been running for a while; before that, compiling takes much of the time.
const WARM_UP_SECTIONS = 10
const MEASURED_SECTIONS = 2
const MAX_SECTIONS = 10
const ROUNDS_MS = 8_000
const PROMPT = 'What is the answer to life, the universe and everything? '
const promptLength = Number(process.argv[2] ?? 3 * PROMPT.length)
const PROMPTS = 256
// Successive calls have different texts, as in an application. Joined, so that the strings are flat before timing starts.
const prompts = Array.from({ length: PROMPTS }, (_, index) =>
  Buffer.from(`${index} ${PROMPT.repeat(Math.ceil(promptLength / PROMPT.length))}`.slice(0, promptLength)).toString(),
)

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
  `Time to convert a span, in µs over the SDK alone (median of ${ROUNDS} rounds, prompts of ${promptLength} characters)`,
)
for (const shape of SHAPES) {
  for (const converter of [...ours, ...peers]) assertConverts(shape, converter)
  await compare(shape)
}
console.log(`\nload average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores, Node ${process.version}`)

async function compare(shape: Shape): Promise<void> {
  const converters: readonly Converter[] = [...ours, ...peers.filter(({ majors }) => majors.includes(shape.major))]
  const [alone = [], ...taken] = await roundsOf(shape, [baseline, ...converters])
  const medians = taken.map((rounds) => medianOf(rounds.map((microseconds, round) => microseconds - alone[round]!)))
  const [preview = NaN, full = NaN, like = NaN] = medians
  console.log(`\n${shape.name} (${shape.spans} spans); the SDK alone ${medianOf(alone).toFixed(2)}`)
  for (const [index, { name, atLeast }] of converters.entries()) {
    const added = medians[index]!
    const [ofPreview, ofFull, ofLike] = [preview, full, like].map((ours) => `${(added / ours).toFixed(1)}×`)
    const times = `  ${ofPreview} preview (at least ${atLeast}×), ${ofFull} full, ${ofLike} like with like`
    console.log(`${name.padEnd(42)} ${`+${added.toFixed(2)}`.padStart(7)}${atLeast === undefined ? '' : times}`)
  }
  for (const { name, majors } of peers) {
    if (!majors.includes(shape.major)) console.log(`${name.padEnd(42)} not for AI SDK ${shape.major}`)
  }
}

// Microseconds per span, by pipeline and round.
async function roundsOf(shape: Shape, pipelines: readonly Pipeline[]): Promise<readonly (readonly number[])[]> {
  const makers = pipelines.map((pipeline) => makerOf(shape, pipeline, () => {}))
  const rounds = pipelines.map((): number[] => [])
  const sections = await sectionsOf(shape, makers)
  for (let round = 0; round < ROUNDS; round += 1) {
    // The order reverses in every round.
    for (const turn of makers.keys()) {
      const index = (turn + round) % makers.length
      rounds[index]!.push(await microsecondsPerSpan(shape, makers[index]!, sections))
    }
  }
  return rounds
}

// Warms up all pipelines, and finds the length of a round so that all rounds fit into the time.
async function sectionsOf(shape: Shape, makers: readonly CallOfSpans[]): Promise<number> {
  for (const make of makers) await microsecondsPerSpan(shape, make, WARM_UP_SECTIONS)
  const startedAt = performance.now()
  for (const make of makers) await microsecondsPerSpan(shape, make, MEASURED_SECTIONS)
  const sectionMs = (performance.now() - startedAt) / MEASURED_SECTIONS
  return Math.max(1, Math.min(MAX_SECTIONS, Math.floor(ROUNDS_MS / ROUNDS / sectionMs)))
}

async function microsecondsPerSpan({ spans }: Shape, make: CallOfSpans, sections: number): Promise<number> {
  const calls = Math.ceil(SPANS_OF_SECTION / spans)
  let used = 0
  // Not a full collection, because everything takes twice as long for a while after one.
  globalThis.gc?.({ type: 'minor' })
  for (let section = 0; section < sections; section += 1) {
    const before = process.threadCpuUsage()
    for (let call = 0; call < calls; call += 1) make(prompts[(section * calls + call) % PROMPTS]!)
    const { user, system } = process.threadCpuUsage(before)
    used += user + system
    // Exports end in promises. They settle here, outside the timing, before they fill the memory.
    await nextTurn()
  }
  return used / (sections * calls * spans)
}

function makerOf(shape: Shape, pipeline: Pipeline, onExport: (spans: readonly ReadableSpan[]) => void): CallOfSpans {
  const exporter: SpanExporter = {
    export(spans, done) {
      onExport(spans)
      done({ code: 0 })
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const provider = new BasicTracerProvider({ spanProcessors: [pipeline.processorOf(exporter)] })
  return shape.spansOf(provider.getTracer(shape.major === 7 ? 'gen_ai' : 'ai'))
}

// Checks that each converter converts: doing nothing is fast.
function assertConverts(shape: Shape, { name, processorOf, majors, mark }: Converter): void {
  if (!majors.includes(shape.major)) return
  const converted = providerCallOf(shape, { name, processorOf })
  assert.equal(converted[mark.attribute], mark.value, `${name} does not convert ${shape.name}`)
  const unconverted = providerCallOf(shape, baseline)
  assert.equal(
    unconverted[mark.attribute],
    undefined,
    `${mark.attribute} proves nothing: ${shape.name} has it before conversion`,
  )
}

function providerCallOf(shape: Shape, pipeline: Pipeline): ReadableSpan['attributes'] {
  const exported: ReadableSpan[] = []
  makerOf(shape, pipeline, (spans) => exported.push(...spans))(prompts[0]!)
  assert.equal(exported.length, shape.spans, `${pipeline.name} does not export every span of ${shape.name}`)
  const call = exported.find(({ attributes }) => attributes['gen_ai.response.id'] !== undefined)
  assert.ok(call, `${pipeline.name} exports no provider call of ${shape.name}`)
  return call.attributes
}
