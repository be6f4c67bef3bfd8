import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from './api/start-api.ts'

/** Somebody who is told. */
export interface Webhook {
  readonly url: string
  readonly bodies: Json[]
  /** What it answers next; 200 after these. */
  readonly statuses: number[]
  close(): Promise<void>
}

/** Starts one on a free port. */
export async function startWebhook(): Promise<Webhook> {
  const bodies: Json[] = []
  const statuses: number[] = []
  const server: HttpServer = createHttpServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      bodies.push(JSON.parse(text))
      response.writeHead(statuses.shift() ?? 200, { location: '/elsewhere' }).end('thanks')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    bodies,
    statuses,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
