import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { embedMany, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import { trackAIOperation, withUsage } from 'spanledger'
import { z } from 'zod'
import type { ProviderServer } from '../../test/provider-server/index.ts'

/** Makes the calls of the demo: a minute of a small shop that uses AI. Prints one line per call. */
export async function makeCalls(server: ProviderServer, say: (line: string) => void): Promise<void> {
  const apiKey = 'no-key-needed'
  const openai = createOpenAI({ apiKey, baseURL: server.openai })
  const anthropic = createAnthropic({ apiKey, baseURL: server.anthropic })
  const google = createGoogleGenerativeAI({ apiKey, baseURL: server.google })

  await withUsage({ operation: 'summarize', userId: 'ada', projectId: 'shop', tags: ['beta'] }, () =>
    generateText({ model: openai('gpt-5'), prompt: 'Summarize the reviews of the blue teapot.' }),
  )
  say('ada      summarize        gpt-5              cached and reasoning tokens')

  await withUsage({ operation: 'chat', userId: 'bob', sessionId: 'chat-1', projectId: 'shop' }, async () => {
    const { textStream } = streamText({
      model: anthropic('claude-sonnet-4-5'),
      system: 'You sell teapots.',
      prompt: 'Which teapot keeps tea warm the longest?',
    })
    for await (const chunk of textStream) void chunk
  })
  say('bob      chat             claude-sonnet-4-5  streamed, cache read and written')

  await withUsage({ operation: 'classify', userId: 'ada', projectId: 'shop' }, () =>
    generateText({
      model: google('gemini-2.5-pro'),
      output: Output.object({ schema: z.object({ mood: z.enum(['happy', 'angry']), urgent: z.boolean() }) }),
      prompt: 'My teapot arrived in pieces!',
    }),
  )
  say('ada      classify         gemini-2.5-pro     structured output')

  await withUsage({ operation: 'index', projectId: 'shop' }, () =>
    embedMany({ model: openai.embedding('text-embedding-3-small'), values: ['blue teapot', 'red teapot', 'tea cosy'] }),
  )
  say('–        index            text-embedding-3   three texts embedded')

  server.next({ error: { status: 429, retryAfterMs: 0, times: 1 } })
  await withUsage({ operation: 'translate', userId: 'carol', projectId: 'shop' }, () =>
    generateText({ model: openai('gpt-5-mini'), prompt: 'Translate "teapot" into Japanese.' }),
  )
  say('carol    translate        gpt-5-mini         refused once (429), then answered')

  await trackAIOperation('answer_ticket', 'support', () =>
    withUsage({ userId: 'dan', sessionId: 'ticket-7' }, () => runAgent(server, anthropic('claude-haiku-4-5'))),
  )
  say('dan      answer_ticket    claude-haiku-4-5   an agent in three steps, one tool fails')

  server.next({ error: { status: 400, message: 'The prompt is too long' } })
  await withUsage({ operation: 'chat', userId: 'bob', sessionId: 'chat-1', projectId: 'shop' }, () =>
    generateText({ model: google('gemini-2.5-flash'), prompt: 'And which one pours best?' }).catch(() => undefined),
  )
  say('bob      chat             gemini-2.5-flash   failed (400)')
}

async function runAgent(server: ProviderServer, model: Parameters<typeof generateText>[0]['model']): Promise<void> {
  // The model calls one tool after the other, then answers.
  const steps = [
    { toolCalls: [{ name: 'findOrder', arguments: { orderId: 'A-17' } }], toolRounds: 9 },
    { toolCalls: [{ name: 'refund', arguments: { orderId: 'A-17' } }], toolRounds: 9 },
    { toolCalls: [], text: 'I am sorry: the refund desk is closed. A colleague will call you.' },
  ]
  const stop = server.script({ provider: 'anthropic' }, () => steps.shift())
  await generateText({
    model,
    prompt: 'My order A-17 never came. I want my money back.',
    stopWhen: stepCountIs(5),
    tools: {
      findOrder: tool({
        description: 'Find an order',
        inputSchema: z.object({ orderId: z.string() }),
        execute: async ({ orderId }) => ({ orderId, status: 'lost in the post' }),
      }),
      refund: tool({
        description: 'Refund an order',
        inputSchema: z.object({ orderId: z.string() }),
        execute: async (): Promise<string> => {
          throw new Error('The refund service is closed on Sundays')
        },
      }),
    },
  })
  stop()
}
