// Calls everything that AI SDK 7 can do for text, and prints what came of it. First argument: base URL.
import { createOpenAI } from '@ai-sdk/openai'
import { embed, generateObject, generateText, stepCountIs, streamText, tool } from 'ai'
import { z } from 'zod'

// generateObject works still, and says at each start that it is deprecated.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })

const openai = createOpenAI({ apiKey: 'test', baseURL: process.argv[2] ?? '' })
const weather = tool({
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ city, celsius: 21 }),
})
const options = { model: openai('gpt-5-mini'), prompt: 'What is it like in Paris?', tools: { weather } }

const answer = await generateText({ ...options, stopWhen: stepCountIs(3) })
print('generateText', answer.text, answer.totalUsage, answer.steps.length, answer.steps[0]?.toolResults[0]?.output)

const stream = streamText({ ...options, stopWhen: stepCountIs(3) })
const parts: string[] = []
for await (const part of stream.fullStream) parts.push(part.type === 'text-delta' ? part.text : part.type)
print('streamText', parts, await stream.totalUsage)

const object = await generateObject({ model: options.model, schema: z.object({ city: z.string() }), prompt: 'Where?' })
print('generateObject', object.object, object.usage, object.finishReason)

const { embedding, usage } = await embed({ model: openai.embedding('text-embedding-3-small'), value: 'Paris' })
print('embed', embedding, usage)

const refused = openai('gpt-5-mini+400=9')
await generateText({ model: refused, prompt: 'Why not?', maxRetries: 0 }).catch((error: unknown) => {
  print('refused', error instanceof Error ? [error.name, error.message] : error)
})

function print(...values: readonly unknown[]): void {
  process.stdout.write(`${JSON.stringify(values)}\n`)
}
