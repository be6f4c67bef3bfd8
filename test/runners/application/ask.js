import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'

/** Asks the provider that the test has started. */
export async function ask(prompt) {
  const openai = createOpenAI({ apiKey: 'test', baseURL: process.env.PROVIDER_URL })
  const { text } = await generateText({ model: openai.chat('gpt-4.1-mini'), prompt })
  return text
}
