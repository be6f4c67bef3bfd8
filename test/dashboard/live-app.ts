// An AI SDK 7 application that makes one call for each line it reads, and says when it has the answer.
// Argument: base URL of the provider.
import { createInterface } from 'node:readline'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'
import { register } from 'spanledger'

register()
const openai = createOpenAI({ apiKey: 'test', baseURL: process.argv[2] ?? '' })
process.stdout.write('ready\n')
for await (const prompt of createInterface({ input: process.stdin })) {
  await generateText({ model: openai('gpt-5-mini'), prompt })
  process.stdout.write('answered\n')
}
