import { generateText } from 'ai'
import { after } from 'next/server'
import { register, withTelemetry, withUsage } from 'spanledger'
import { model } from '../model'

export async function GET(request: Request) {
  // The same telemetry that instrumentation.ts started, although that is another bundle.
  after(() => register().flush())
  const userId = new URL(request.url).searchParams.get('user') ?? undefined
  const { text } = await withUsage({ userId, operation: 'ask' }, () =>
    generateText({
      model: model(),
      prompt: 'What is the answer?',
      // AI SDK 4 to 6 need it, because `ai` is in the bundle; 7 does not mind.
      experimental_telemetry: withTelemetry({ functionId: 'ask' }),
    }),
  )
  return new Response(text)
}
