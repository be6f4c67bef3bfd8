// The same application as CommonJS.
const { createOpenAI } = require('@ai-sdk/openai')
const { generateText } = require('ai')
const { register, withTelemetry } = require('spanledger')

register()
const [, , baseURL, ...say] = process.argv
const openai = createOpenAI({ apiKey: 'test', baseURL })
const telemetry = say.length > 0 ? { experimental_telemetry: withTelemetry() } : {}
void generateText({ model: openai.chat('gpt-4.1-mini'), prompt: 'What is a span?', ...telemetry })
