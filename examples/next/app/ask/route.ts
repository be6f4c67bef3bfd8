import { generateText } from 'ai'
import { after } from 'next/server'
import { register, withTelemetry, withUsage } from 'spanledger'
import { model } from '../model'

export async function GET(request: Request) {
  // Returns the telemetry that instrumentation.ts started in another bundle.
  after(() => register().flush())
  const userId = new URL(request.url).searchParams.get('user') ?? undefined
  const { text } = await withUsage({ userId, operation: 'ask' }, () =>
    generateText({
      model: model(),
      prompt: 'What is the answer?',
      // needed by AI SDK 4 to 6, because `ai` is bundled; AI SDK 7 ignores it
      experimental_telemetry: withTelemetry({ functionId: 'ask' }),
    }),
  )
  return new Response(text)
}
