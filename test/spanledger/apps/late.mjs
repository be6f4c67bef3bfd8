// An application whose own static import loads `ai` before `register()` runs.
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'
import { register, withTelemetry } from 'spanledger'

register()
const [, , baseURL, ...say] = process.argv
const openai = createOpenAI({ apiKey: 'test', baseURL })
const telemetry = say.length > 0 ? { experimental_telemetry: withTelemetry() } : {}
await generateText({ model: openai.chat('gpt-4.1-mini'), prompt: 'What is a span?', ...telemetry })
