import type { Call } from '@spanledger/core'
import { buildCall } from '../core/build-call.ts'

/** What the parts of a long trace cost and used. */
export const LONG_TRACE = {
  traceId: 'c'.repeat(32),
  costPerModelCall: 490_000,
  tokensPerModelCall: 120,
  /** The span of the only failed tool call. */
  failedTool: 'refund_customer',
} as const

/** A boss that starts `agents` agents one after another; each asks a model, calls a tool and asks the model again. */
export function longTrace(startedAt: number, agents: number): readonly Call[] {
  const last = startedAt + agents * 1000
  const root = part({ id: 1, kind: 'run', operation: 'big_job', from: startedAt, to: last, name: 'ai.generateText' })
  const parts = Array.from({ length: agents }, (_, index) => {
    const from = startedAt + index * 1000
    const id = (place: number): number => 2 + index * 4 + place
    const isFailed = index === agents - 1
    return [
      part({ id: id(0), parent: 1, kind: 'run', operation: `research agent ${index + 1}`, from, to: from + 900 }),
      part({ id: id(1), parent: id(0), kind: 'model', from: from + 10, to: from + 400 }),
      part({
        id: id(2),
        parent: id(0),
        kind: 'tool',
        tool: isFailed ? LONG_TRACE.failedTool : 'search_the_catalogue_of_everything',
        from: from + 400,
        to: from + 600,
        isFailed,
      }),
      part({ id: id(3), parent: id(0), kind: 'model', from: from + 600, to: from + 890 }),
    ]
  }).flat()
  return [root, ...parts]
}

interface Part {
  readonly id: number
  readonly parent?: number
  readonly kind: 'run' | 'model' | 'tool'
  readonly operation?: string
  readonly name?: string
  readonly tool?: string
  readonly from: number
  readonly to: number
  readonly isFailed?: boolean
}

function part({ id, parent, kind, operation, name, tool, from, to, isFailed = false }: Part): Call {
  return buildCall({
    trace_id: LONG_TRACE.traceId,
    span_id: spanIdOf(id),
    parent_span_id: parent === undefined ? null : spanIdOf(parent),
    run_id: spanIdOf(1),
    kind,
    billable: kind === 'model' ? 1 : 0,
    operation: operation ?? 'big_job',
    name: name ?? null,
    tool_name: tool ?? null,
    user_id: 'ada',
    started_at: from,
    ended_at: to,
    duration_ms: to - from,
    status: isFailed ? 'error' : 'ok',
    error_message: isFailed ? 'The till is closed' : null,
    ...(kind === 'model'
      ? {
          provider: 'anthropic',
          model: 'claude-sonnet-4-5-20250929',
          request_model: 'claude-sonnet-4-5',
          input_tokens: 100,
          output_tokens: 20,
          total_tokens: LONG_TRACE.tokensPerModelCall,
          usage_source: 'span',
          cost_nano_usd: LONG_TRACE.costPerModelCall,
          cost_source: 'list',
        }
      : {}),
  })
}

/** The id of a span by its number; the root is 1. */
export function spanIdOf(number: number): string {
  return number.toString(16).padStart(16, '0')
}
