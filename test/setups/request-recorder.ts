import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { type OtlpRequest, type OtlpSpan, spansOf } from '../spanledger/otlp-receiver.ts'

/** An HTTP server that says yes to everything and writes down what it was sent. */
export interface RequestRecorder {
  readonly port: number
  readonly url: string
  /** The bodies that were posted to a path, decoded. */
  bodies(path: string): readonly string[]
  /** The spans that were posted to a path as OTLP JSON. */
  spans(path: string): readonly OtlpSpan[]
  close(): Promise<void>
}

export async function startRequestRecorder(): Promise<RequestRecorder> {
  const requests: { readonly path: string; readonly body: string }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
      requests.push({ path: new URL(request.url ?? '/', 'http://host').pathname, body: text })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const bodies = (path: string) => requests.filter((request) => request.path === path).map(({ body }) => body)
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    bodies,
    spans: (path) => spansOf(bodies(path).map((body) => JSON.parse(body) as OtlpRequest)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
