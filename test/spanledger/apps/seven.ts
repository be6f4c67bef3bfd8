// An AI SDK 7 application that knows nothing of spanledger. First argument: base URL; second: how to end.
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, stepCountIs, tool } from 'ai'
import { z } from 'zod'

const [, , baseURL = '', end = 'naturally'] = process.argv
const openai = createOpenAI({ apiKey: 'test', baseURL })
const result = await generateText({
  model: openai('gpt-5-mini'),
  prompt: 'What is it like in Paris?',
  stopWhen: stepCountIs(3),
  tools: {
    weather: tool({
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => ({ city, celsius: 21 }),
    }),
  },
})
process.stdout.write(`${JSON.stringify({ text: result.text, usage: result.totalUsage })}\n`)
if (end === 'exit') process.exit(3)
if (end === 'throw') throw new Error('the application failed by itself')
if (end === 'wait') setInterval(() => {}, 1000)
