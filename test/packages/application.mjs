// The application that the install test runs: nothing in it knows of spanledger.
// `node --import spanledger/register application.mjs <base URL of OpenAI> <major of ai>`
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, streamText } from 'ai'

const [, , baseURL, major] = process.argv
// Without it version 4 would not ask for the tokens of a stream; the others do anyway.
const openai = createOpenAI({ baseURL, apiKey: 'none', compatibility: 'strict' })
// From version 7 on it is on by itself.
const telemetry = Number(major) < 7 ? { experimental_telemetry: { isEnabled: true } } : {}

await generateText({ model: openai.chat('gpt-4o-mini'), prompt: 'What is six times seven?', ...telemetry })
const { textStream } = streamText({ model: openai.chat('gpt-4.1'), prompt: 'And seven times six?', ...telemetry })
for await (const text of textStream) process.stdout.write(text)
