/** The prefix of the line in which a probe prints its result. */
export const PROBE_MARK = 'spanledger-doctor: '

/** How many traces a probe starts to measure the sampler. */
export const PROBE_TRACES = 40

/** The script of a probe. It imports `fallback` if no preloaded module has set up tracing. */
// The test span is a run without tokens: it appears by name in the list of calls and costs nothing. The spans that measure
// the sampler have no AI attributes and never end, so they are never sent.
export function probeScript(fallback: string | undefined): string {
  return `
import { context, createContextKey, diag, DiagLogLevel, ROOT_CONTEXT, trace } from '@opentelemetry/api'
const standing = () => trace.getTracerProvider().getDelegate?.() ?? trace.getTracerProvider()
const fallback = ${JSON.stringify(fallback ?? null)}
const isFallback = fallback !== null && standing().constructor.name === 'NoopTracerProvider'
if (isFallback) await import(fallback)
const problems = []
const note = (...words) => void problems.push(words.map((word) => word?.message ?? String(word)).join(' '))
const ignore = () => {}
diag.setLogger(
  { error: note, warn: note, info: ignore, debug: ignore, verbose: ignore },
  { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
)
const key = createContextKey('spanledger-doctor')
const holdsContext = await context.with(ROOT_CONTEXT.setValue(key, true), async () => {
  await new Promise((resolve) => setTimeout(resolve, 1))
  return context.active().getValue(key) === true
})
const tracer = trace.getTracer('spanledger-doctor')
const asked = Array.from({ length: ${PROBE_TRACES} }, () => tracer.startSpan('spanledger-doctor', { root: true }))
const span = tracer.startSpan('invoke_workflow spanledger-doctor', {
  root: true,
  attributes: { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'spanledger-doctor', 'spanledger.operation': 'spanledger-doctor' },
})
span.end()
const late = new Promise((resolve) => setTimeout(resolve, 11_000).unref())
await Promise.race([Promise.resolve(standing().forceFlush?.()).catch(note), late])
const ledgers = [...(globalThis[Symbol.for('spanledger.ledgers')] ?? [])].map(({ destination, journal }) => ({ destination, journal }))
// Leaves no journal behind.
await Promise.race([Promise.resolve(standing().shutdown?.()).catch(ignore), late])
const { traceId, traceFlags } = span.spanContext()
console.log('\\n${PROBE_MARK}' + JSON.stringify({
  traceId,
  isFallback,
  isSampled: (traceFlags & 1) === 1,
  holdsContext,
  recorded: asked.filter((one) => one.isRecording()).length,
  sampled: asked.filter((one) => (one.spanContext().traceFlags & 1) === 1).length,
  integrations: (globalThis.AI_SDK_TELEMETRY_INTEGRATIONS ?? []).map((one) =>
    Symbol.for('spanledger.ai-sdk-7') in one ? 'spanledger' : (one.constructor?.name ?? 'unknown'),
  ),
  problems: problems.slice(0, 5),
  ledgers,
}))
`
}
