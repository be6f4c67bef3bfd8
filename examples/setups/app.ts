// The application of every set-up in this folder: a route that calls a model, which calls a tool.
import { createServer } from 'node:http'
import { createOpenAI } from '@ai-sdk/openai'
import { isStepCount, generateText, tool } from 'ai'
import { withUsage } from 'spanledger'
import { z } from 'zod'

const openai = createOpenAI({ baseURL: process.env['OPENAI_BASE_URL'] ?? 'https://api.openai.com/v1' })

const findOrder = tool({
  description: 'Finds an order by its number.',
  inputSchema: z.object({ id: z.string() }),
  execute: ({ id }) => ({ id, status: 'shipped' }),
})

const answer = (userId: string) =>
  withUsage({ userId, projectId: 'shop', operation: 'support' }, async () => {
    const { text } = await generateText({
      model: openai('gpt-5-mini'),
      prompt: 'Where is my order 42?',
      tools: { findOrder },
      stopWhen: isStepCount(3),
    })
    return text
  })

/** Serves the route on a free port, requests it `times` times, prints the answers and closes it. */
export async function runApp(times = 1): Promise<void> {
  const server = createServer((_request, response) => {
    answer('ada').then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  for (let time = 0; time < times; time += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/support`)
    console.log(await response.text())
  }
  await new Promise((resolve) => server.close(resolve))
}
