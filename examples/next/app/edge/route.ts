import { withUsage } from '@spanledger/otel'
import { generateText } from 'ai'
import { after } from 'next/server'
import { model } from '../model'
import { flush } from './telemetry'

export const runtime = 'edge'

export async function GET(request: Request) {
  after(flush)
  const userId = new URL(request.url).searchParams.get('user') ?? undefined
  const { text } = await withUsage({ userId, operation: 'edge' }, () =>
    generateText({
      model: model(),
      prompt: 'What is the answer?',
      experimental_telemetry: { isEnabled: true, functionId: 'edge' }, // AI SDK 4 to 6
    }),
  )
  return new Response(text)
}
