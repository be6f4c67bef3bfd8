// An ordinary application. Run it with `node --import spanledger/register`, or import ./telemetry.ts first.
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'
import { withUsage } from 'spanledger'

const openai = createOpenAI({ baseURL: process.env['OPENAI_BASE_URL'] ?? 'https://api.openai.com/v1' })

const { text } = await withUsage({ userId: 'ada', projectId: 'shop', operation: 'greet', tags: ['beta'] }, () =>
  generateText({ model: openai('gpt-5-mini'), prompt: 'Say hello.' }),
)
console.log(text)
