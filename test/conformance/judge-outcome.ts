import type { Call } from '@spanledger/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { ProviderCall } from '../provider-server/index.ts'
import type { Attempt } from './match-attempts.ts'
import type { CellRun } from './run-cell.ts'
import type { ProviderName } from './providers.ts'
import { majorOf, type Variant } from './variants.ts'

/** How something must have ended, and of which error the row must speak. */
interface Outcome {
  readonly status: Call['status']
  readonly errorType?: RegExp
}

const OK: Outcome = { status: 'ok' }
const REFUSED: Outcome = { status: 'error', errorType: /^(AI_APICallError|AI_RetryError|Gateway\w+Error)$/ }
const NAMELESS: Outcome = { status: 'error', errorType: /^_OTHER$/ }
const ABORTED: Outcome = { status: 'aborted' }
const ABANDONED: Outcome = { status: 'abandoned' }

/** What is wrong with how the rows of a cell say that they ended. */
export function outcomeProblems(cell: CellRun, attempts: readonly Attempt[]): readonly string[] {
  return [
    ...attempts.flatMap(({ calls: [call], row }) =>
      row === undefined ? [] : problemsOf(row, outcomeOfAttempt(cell, call), cell.spans),
    ),
    ...runsOf(cell).flatMap((run) => problemsOf(run, outcomeOfRun(cell), cell.spans)),
    ...(runsOf(cell).length === 0 && hasRun(cell) ? ['the run has no row'] : []),
  ]
}

function problemsOf(row: Call, { status, errorType }: Outcome, spans: readonly ReadableSpan[]): readonly string[] {
  const problems: string[] = []
  const what = `${row.kind} "${row.name}"`
  if (row.status !== status) problems.push(`${what} is ${row.status} (${row.error_type}), not ${status}`)
  else if (status === 'error' && row.error_type === null) problems.push(`${what} has no error_type`)
  else if (errorType !== undefined && !errorType.test(row.error_type ?? '')) {
    problems.push(`error_type of ${what} is ${row.error_type}, not ${errorType.source}`)
  } else if (status === 'ok' && row.error_type !== null) problems.push(`${what} is ok with ${row.error_type}`)
  const onSpan = spans.find((span) => span.spanContext().spanId === row.span_id)?.attributes[
    'http.response.status_code'
  ]
  if (row.http_status !== (onSpan ?? null))
    problems.push(`http_status of ${what} is ${row.http_status}, not ${String(onSpan)}`)
  return problems
}

// A stream that is not read to its end is never traced to its end, and a broken one only in version 7.
const NEVER_ENDS = /^stream-(unread|broken-off)$/

function outcomeOfAttempt(cell: CellRun, call: ProviderCall | undefined): Outcome {
  const { variant, provider } = cell
  const major = majorOf(variant)
  if (call?.status !== undefined && call.status >= 400) {
    // AI SDK 7 never ends the span of a streamed attempt that it repeats.
    return isGenAI(variant) && call.stream && isRepeated(cell, call) ? ABORTED : REFUSED
  }
  if (NEVER_ENDS.test(cell.scenario.name)) return ABANDONED
  switch (cell.scenario.name) {
    case 'stream-abort':
      return major === 4 ? ABANDONED : ABORTED
    case 'stream-socket-error':
      return major < 7 && !(major === 6 && provider === 'openrouter') ? ABANDONED : { status: 'error' }
    case 'stream-error-part':
      // AI SDK 7 does not end the span when no finish follows the error, and the run closes over it.
      return isGenAI(variant) && ENDS_WITHOUT_FINISH.has(provider) ? ABORTED : NAMELESS
    default:
      return outcomeOfAnswer(cell)
  }
}

const ENDS_WITHOUT_FINISH: ReadonlySet<ProviderName> = new Set<ProviderName>([
  'anthropic',
  'vertex.anthropic',
  'gateway',
])

function outcomeOfRun(cell: CellRun): Outcome {
  const { scenario, variant } = cell
  const is4 = majorOf(variant) === 4
  if (/^(error-400|stream-error-400|embed-error-400|retries-exhausted|stream-retries-exhausted)$/.test(scenario.name))
    return REFUSED
  if (scenario.name === 'generate-object-invalid') return { status: 'error', errorType: /^AI_NoObjectGeneratedError$/ }
  if (is4 && scenario.name === 'failing-tool') return { status: 'error', errorType: /^AI_ToolExecutionError$/ }
  if (is4 && scenario.name === 'unknown-tool') return { status: 'error', errorType: /^AI_NoSuchToolError$/ }
  if (is4 && scenario.name === 'invalid-tool-arguments') {
    return { status: 'error', errorType: /^AI_InvalidToolArgumentsError$/ }
  }
  if (scenario.name === 'stream-abort') return ABORTED
  if (scenario.name === 'stream-socket-error') return { status: 'error' }
  if (scenario.name === 'stream-error-part') return NAMELESS
  return outcomeOfAnswer(cell)
}

function outcomeOfAnswer({ scenario, provider, variant }: CellRun): Outcome {
  // The gateway's package hides what ended the request.
  const isHidden = provider === 'gateway' && majorOf(variant) === 5
  switch (scenario.name) {
    case 'abort':
      return isHidden ? { status: 'error', errorType: /^GatewayResponseError$/ } : ABORTED
    case 'timeout':
      return { status: 'error', errorType: isHidden ? /^GatewayResponseError$/ : /^TimeoutError$/ }
    case 'stream-error-part-then-finish':
      return heedsError(provider, variant) ? NAMELESS : OK
    default:
      return OK
  }
}

// The other packages let the finish reason that follows hide the error.
function heedsError(provider: ProviderName, variant: Variant): boolean {
  if (provider === 'xai') return majorOf(variant) === 7
  return ['openai', 'azure.responses', 'cohere', 'gateway'].includes(provider)
}

function isGenAI(variant: Variant): boolean {
  return majorOf(variant) === 7 && variant !== '7-legacy'
}

function isRepeated({ calls }: CellRun, call: ProviderCall): boolean {
  return calls.indexOf(call) < calls.length - 1
}

// A sub-agent is a run of its own, inside a tool of the outer one.
function runsOf({ rows }: CellRun): readonly Call[] {
  return rows.filter((row) => row.kind === 'run')
}

function hasRun({ scenario, variant }: CellRun): boolean {
  const major = majorOf(variant)
  if (NEVER_ENDS.test(scenario.name) || /^(speech|transcribe)$/.test(scenario.name)) return false
  if (scenario.name === 'stream-abort') return major > 4
  return scenario.name === 'stream-socket-error' ? major === 7 : true
}
