// Left: names used by AI SDKs and providers. Right: the enum of the GenAI message schemas.
const FINISH_REASONS: Readonly<Record<string, string>> = {
  'tool-calls': 'tool_call',
  tool_calls: 'tool_call',
  tool_use: 'tool_call',
  function_call: 'tool_call',
  'content-filter': 'content_filter',
  SAFETY: 'content_filter',
  end_turn: 'stop',
  stop_sequence: 'stop',
  STOP: 'stop',
  max_tokens: 'length',
  max_output_tokens: 'length',
  MAX_TOKENS: 'length',
}

/** The GenAI finish reason for a provider's or SDK's name; a name without one is returned unchanged. */
export function toFinishReason(reason: string): string {
  return Object.hasOwn(FINISH_REASONS, reason) ? (FINISH_REASONS[reason] ?? reason) : reason
}
