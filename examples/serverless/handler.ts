// A function whose process is frozen as soon as it has answered: nothing runs between two requests, so every call has to
// be stored before the answer goes out. `memory`, because such a host has no disk that outlives it; in production
// the database is one on a server: postgres://… or https://ledger.example.com.
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'
import { register, withUsage } from 'spanledger'

const telemetry = register({ serviceName: 'function', durability: 'memory' })
const openai = createOpenAI({ baseURL: process.env['OPENAI_BASE_URL'] ?? 'https://api.openai.com/v1' })

export async function handler(userId: string): Promise<string> {
  try {
    const { text } = await withUsage({ userId, operation: 'function' }, () =>
      generateText({ model: openai('gpt-5-mini'), prompt: 'Say hello.' }),
    )
    return text
  } finally {
    // Where the host has it, `waitUntil(telemetry.flush())` does not keep the user waiting.
    await telemetry.flush()
  }
}
