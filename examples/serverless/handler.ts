// A function whose process freezes after each answer. Nothing runs between two requests, so every call must be stored
// before the answer is sent. The durability is `memory`, because such a host has no persistent disk. In production, use
// a remote database: postgres://… or https://ledger.example.com.
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
    // If the host supports it, `waitUntil(telemetry.flush())` does not delay the answer.
    await telemetry.flush()
  }
}
