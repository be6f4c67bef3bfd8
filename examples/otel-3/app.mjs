// An AI SDK 7 application on OpenTelemetry SDK 3.x that knows nothing of spanledger.
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'

const openai = createOpenAI({ apiKey: 'test', baseURL: process.argv[2] })
await generateText({ model: openai('gpt-5-mini'), prompt: 'What is a span?' })
