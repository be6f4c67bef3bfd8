// An application on AI SDK 4, 5 or 6 that says nothing of telemetry. Copied to where its major is installed.
import { createOpenAI } from '@ai-sdk/openai'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { generateObject, generateText, streamText } from 'ai'
import { z } from 'zod'

const openai = createOpenAI({ apiKey: 'test', baseURL: process.argv[2] })
const google = createGoogleGenerativeAI({ apiKey: 'test', baseURL: process.argv[3] })
const model = openai.chat('gpt-4.1-mini')
await generateText({ model, prompt: 'What is a span?' })
const { textStream } = streamText({ model, prompt: 'What is a trace?' })
for await (const chunk of textStream) void chunk
await generateObject({ model, schema: z.object({ answer: z.string() }), prompt: 'What is a metric?' })
await generateText({ model: google('gemini-2.5-pro'), prompt: 'What is a log?' })
await generateText({ model, prompt: 'Not for the ledger', experimental_telemetry: { isEnabled: false } })
