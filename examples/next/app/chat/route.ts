import { streamText } from 'ai'
import { after } from 'next/server'
import { register, withTelemetry, withUsage } from 'spanledger'
import { model } from '../model'

export async function POST(request: Request) {
  const { userId, prompt } = (await request.json()) as { userId: string; prompt: string }
  const result = withUsage({ userId, operation: 'chat' }, () =>
    streamText({ model: model(), prompt, experimental_telemetry: withTelemetry({ functionId: 'chat' }) }),
  )
  // The call must end even if the browser disconnects.
  void result.consumeStream()
  after(() => register().flush())
  return result.toTextStreamResponse()
}
