import { randomBytes } from 'node:crypto'
import { type Call, type CallContent, parseCall } from '@spanledger/core'

const START = Date.parse('2026-01-01T00:00Z')

// Each agent run has four calls: the run, two model calls and a tool. Children come first.
export function makeCalls(first: number, count: number): Call[] {
  const calls: Call[] = []
  while (calls.length < count) {
    const index = first + calls.length
    const ids = { trace_id: randomBytes(16).toString('hex'), run_id: randomBytes(8).toString('hex') }
    const question = { question: text(200), answer: text(300) }
    const tool = { tool_arguments: { q: text(40) }, tool_result: { found: text(300) } }
    calls.push(
      makeCall(index, { ...ids, kind: 'model', billable: 1, content: question }),
      makeCall(index, { ...ids, kind: 'tool', tool_name: 'search', content: tool }),
      makeCall(index, { ...ids, kind: 'model', billable: 1, content: question }),
      makeCall(index, { ...ids, kind: 'run', span_id: ids.run_id }),
    )
  }
  return calls.slice(0, count)
}

interface GivenCall extends Partial<Omit<Call, 'content'>> {
  readonly content?: Partial<CallContent>
}

function makeCall(index: number, { content, ...given }: GivenCall): Call {
  const isModel = given.kind === 'model'
  const messages = [{ role: 'user', parts: [{ type: 'text', content: content?.question ?? '' }] }]
  return parseCall({
    span_id: randomBytes(8).toString('hex'),
    parent_span_id: given.run_id,
    billable: 0,
    operation: 'plan-trip',
    call_type: isModel ? 'CHAT' : 'INVOKE_AGENT',
    name: 'chat gpt-5',
    sdk: 'ai',
    sdk_version: '7.0.173',
    converter_version: '1',
    service_name: 'shop',
    environment: 'production',
    project_id: `project-${Math.floor(index / 4) % 10}`,
    user_id: `user-${Math.floor(index / 4) % 1000}`,
    session_id: `session-${Math.floor(index / 40)}`,
    tags: ['beta', 'eu'],
    metadata: { plan: 'pro' },
    started_at: START + index * 20,
    ended_at: START + index * 20 + 1500,
    duration_ms: 1500.25,
    status: 'ok',
    ...(isModel && {
      provider: 'openai',
      raw_provider: 'openai.responses',
      model: 'gpt-5-2025-08-07',
      request_model: 'gpt-5',
      response_id: `resp_${randomBytes(24).toString('hex')}`,
      finish_reason: 'stop',
      streaming: 1,
      request: { temperature: 1, maxTokens: 2000 },
      input_tokens: 1200,
      output_tokens: 300,
      total_tokens: 1500,
      cache_read_tokens: 1024,
      cache_write_tokens: 0,
      reasoning_tokens: 128,
      usage_details: { raw: { input_tokens: 1200, output_tokens: 300 } },
      usage_source: 'provider_metadata',
      cost_nano_usd: 4_500_000,
      cost_source: 'list',
      price_version: 'list@1',
      time_to_first_token_ms: 210.5,
    }),
    content: content && { input_messages: messages, lengths: { question: 1200 }, ...content },
    ...given,
  })
}

function text(length: number): string {
  return 'Where can I see the northern lights in March? '.repeat(Math.ceil(length / 46)).slice(0, length)
}
