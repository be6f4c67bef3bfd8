// The same application as CommonJS.
const { createOpenAI } = require('@ai-sdk/openai')
const { createGoogleGenerativeAI } = require('@ai-sdk/google')
const { generateObject, generateText, streamText } = require('ai')
const { z } = require('zod')

async function main() {
  const openai = createOpenAI({ apiKey: 'test', baseURL: process.argv[2] })
  const google = createGoogleGenerativeAI({ apiKey: 'test', baseURL: process.argv[3] })
  const model = openai.chat('gpt-4.1-mini')
  await generateText({ model, prompt: 'What is a span?' })
  const { textStream } = streamText({ model, prompt: 'What is a trace?' })
  for await (const chunk of textStream) void chunk
  await generateObject({ model, schema: z.object({ answer: z.string() }), prompt: 'What is a metric?' })
  await generateText({ model: google('gemini-2.5-pro'), prompt: 'What is a log?' })
  await generateText({ model, prompt: 'Not for the ledger', experimental_telemetry: { isEnabled: false } })
}

void main()
