// Asks once, and tells how it went. Second argument: `generate` or `stream`. Copied to where its major is installed.
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, streamText } from 'ai'

const [, , baseURL, how] = process.argv
const model = createOpenAI({ apiKey: 'test', baseURL }).chat('gpt-4.1-mini')
const question = { model, prompt: 'What is a span?', maxRetries: 2 }
try {
  if (how === 'generate') await generateText(question)
  else for await (const text of streamText({ ...question, onError: () => {} }).textStream) void text
} catch {
  // The rows say it.
}
