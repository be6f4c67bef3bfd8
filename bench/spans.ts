import { context, SpanKind, trace, type Tracer } from '@opentelemetry/api'

/** Creates the spans of one AI call like an AI SDK: the same names, attributes and order, without the call. */
export type CallOfSpans = (prompt: string) => void

/** AI SDK 6 `generateText`: a root and a provider call. */
export function sixSpans(tracer: Tracer): CallOfSpans {
  return (prompt) => {
    const root = tracer.startSpan('ai.generateText', {
      attributes: {
        'operation.name': 'ai.generateText chat',
        'resource.name': 'chat',
        'ai.operationId': 'ai.generateText',
        'ai.telemetry.functionId': 'chat',
        'ai.model.provider': 'openai.responses',
        'ai.model.id': 'gpt-5',
        'ai.settings.maxRetries': 2,
        'ai.telemetry.metadata.userId': 'ada',
        'ai.telemetry.metadata.sessionId': 'session-1',
        'ai.prompt': JSON.stringify({ system: 'You are brief.', prompt }),
      },
    })
    const inner = tracer.startSpan(
      'ai.generateText.doGenerate',
      {
        attributes: {
          'operation.name': 'ai.generateText.doGenerate chat',
          'resource.name': 'chat',
          'ai.operationId': 'ai.generateText.doGenerate',
          'ai.telemetry.functionId': 'chat',
          'ai.model.provider': 'openai.responses',
          'ai.model.id': 'gpt-5',
          'ai.settings.maxRetries': 2,
          'ai.telemetry.metadata.userId': 'ada',
          'ai.telemetry.metadata.sessionId': 'session-1',
          'ai.prompt.messages': JSON.stringify([
            { role: 'system', content: 'You are brief.' },
            { role: 'user', content: [{ type: 'text', text: prompt }] },
          ]),
          'gen_ai.system': 'openai.responses',
          'gen_ai.request.model': 'gpt-5',
        },
      },
      trace.setSpan(context.active(), root),
    )
    inner.setAttributes({
      'ai.response.finishReason': 'stop',
      'ai.response.text': 'The answer is forty-two, as it always was.',
      'ai.response.id': 'resp_1',
      'ai.response.model': 'gpt-5-2025-08-07',
      'ai.response.timestamp': '2026-11-21T10:00:00.000Z',
      'ai.response.providerMetadata': '{"openai":{"responseId":"resp_1","serviceTier":"default"}}',
      ...SIX_USAGE,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.model': 'gpt-5-2025-08-07',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 40,
    })
    inner.end()
    root.setAttributes({
      'ai.response.finishReason': 'stop',
      'ai.response.text': 'The answer is forty-two, as it always was.',
      'ai.response.providerMetadata': '{"openai":{"responseId":"resp_1","serviceTier":"default"}}',
      ...SIX_USAGE,
    })
    root.end()
  }
}

const SIX_USAGE = {
  'ai.usage.inputTokens': 100,
  'ai.usage.outputTokens': 40,
  'ai.usage.totalTokens': 140,
  'ai.usage.reasoningTokens': 7,
  'ai.usage.cachedInputTokens': 30,
  'ai.usage.inputTokenDetails.noCacheTokens': 70,
  'ai.usage.inputTokenDetails.cacheReadTokens': 30,
  'ai.usage.outputTokenDetails.textTokens': 33,
  'ai.usage.outputTokenDetails.reasoningTokens': 7,
}

/** AI SDK 7 `generateText`: agent, step and chat. */
export function sevenSpans(tracer: Tracer): CallOfSpans {
  return (prompt) => {
    const system = JSON.stringify([{ type: 'text', content: 'You are brief.' }])
    const input = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: prompt }] }])
    const output = JSON.stringify([
      {
        role: 'assistant',
        parts: [{ type: 'text', content: 'The answer is forty-two, as it always was.' }],
        finish_reason: 'stop',
      },
    ])
    const agent = tracer.startSpan('invoke_agent gpt-5', {
      kind: SpanKind.INTERNAL,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5',
        'gen_ai.agent.name': 'chat',
        'gen_ai.system_instructions': system,
        'gen_ai.input.messages': input,
      },
    })
    const agentContext = trace.setSpan(context.active(), agent)
    const step = tracer.startSpan(
      'step 1',
      { kind: SpanKind.INTERNAL, attributes: { 'gen_ai.operation.name': 'agent_step' } },
      agentContext,
    )
    const chat = tracer.startSpan(
      'chat gpt-5',
      {
        kind: SpanKind.CLIENT,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.system_instructions': system,
          'gen_ai.input.messages': input,
        },
      },
      trace.setSpan(agentContext, step),
    )
    chat.setAttributes({
      'gen_ai.client.operation.duration': 1.2,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.model': 'gpt-5-2025-08-07',
      ...SEVEN_USAGE,
      'gen_ai.output.messages': output,
      'ai.response.providerMetadata': '{"openai":{"responseId":"resp_1","serviceTier":"default"}}',
    })
    chat.end()
    step.setAttributes({ 'gen_ai.response.finish_reasons': ['stop'] })
    step.end()
    agent.setAttributes({
      'gen_ai.response.finish_reasons': ['stop'],
      ...SEVEN_USAGE,
      'gen_ai.output.messages': output,
    })
    agent.end()
  }
}

const SEVEN_USAGE = {
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 40,
  'gen_ai.usage.cache_read.input_tokens': 30,
  'ai.usage.inputTokenDetails.noCacheTokens': 70,
  'ai.usage.outputTokenDetails.textTokens': 33,
  'ai.usage.outputTokenDetails.reasoningTokens': 7,
}
