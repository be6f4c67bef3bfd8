import type { Call } from '@spanledger/core'
import { buildCall } from '../core/build-call.ts'

const MODELS = [
  'gpt-5-2025-08-07',
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'accounts/fireworks/models/llama-v3p1-405b-instruct',
]
const STATUSES = ['ok', 'error', 'aborted', 'abandoned'] as const

/** The message of each failed call. */
export const AWKWARD_ERROR =
  'Rate limit reached for gpt-5-2025-08-07 in organization org-1 on tokens per min (TPM): Limit 30000, Used 29871'

/** Calls with names as long as real ones: users are e-mail addresses, sessions are UUIDs, models have dates. */
export function awkwardCalls(until: number, count = 24): readonly Call[] {
  return Array.from({ length: count }, (_, index) => {
    const status = STATUSES[index % STATUSES.length] ?? 'ok'
    const startedAt = until - 60_000 * (index + 1)
    return buildCall({
      trace_id: (index + 1).toString(16).padStart(32, 'a'),
      span_id: (index + 1).toString(16).padStart(16, 'b'),
      run_id: (index + 1).toString(16).padStart(16, 'b'),
      operation: 'generate_project_ideas_without_repeating_yourself',
      user_id: `user-${String(index).padStart(4, '0')}.with.a.long.name@customer-${index}.example.com`,
      session_id: `0199b6f2-7c1d-7e3a-9d2f-${String(index).padStart(12, '0')}`,
      provider: 'openai',
      model: MODELS[index % MODELS.length] ?? null,
      request_model: MODELS[index % MODELS.length] ?? null,
      status,
      error_type: status === 'error' ? 'APICallError' : null,
      error_message: status === 'error' ? AWKWARD_ERROR : null,
      http_status: status === 'error' ? 429 : null,
      started_at: startedAt,
      ended_at: startedAt + 125_000,
      duration_ms: 125_000,
      time_to_first_token_ms: 842,
      ...(status === 'ok'
        ? {
            input_tokens: 128_000,
            output_tokens: 16_384,
            total_tokens: 144_384,
            usage_source: 'span',
            cost_nano_usd: index % 8 === 0 ? 12_345_678_901_234 : 62_000,
            cost_source: 'list',
            cost_flags: ['cache_unknown'],
          }
        : { cost_reason: 'no_usage' }),
    })
  })
}
