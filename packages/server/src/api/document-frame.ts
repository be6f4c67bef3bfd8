import { z } from '@hono/zod-openapi'
import type { Api } from './api-context.ts'
import { errorAnswer } from './schemas/error.ts'
import { count } from './schemas/number.ts'

const refused = { description: 'Refused.', content: { 'application/json': { schema: errorAnswer } } }

const stored = z
  .strictObject({
    stored: count,
    deduplicated: count,
    rejected: z.array(z.strictObject({ line: count, reason: z.string() })),
  })
  .openapi('StoredLines')

/** Describes the routes that are not the API's own: where calls come in, and what machines ask about this one. */
export function documentFrame({ openAPIRegistry: registry }: Api): void {
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  const file = (description: string, type: string) => ({ description, content: { [type]: { schema: z.string() } } })
  registry.registerPath({
    method: 'post',
    path: '/v1/traces',
    summary: 'OTLP/HTTP traces, protobuf or JSON, also with gzip.',
    request: {
      body: {
        required: true,
        content: {
          'application/json': { schema: z.record(z.string(), z.unknown()) },
          'application/x-protobuf': { schema: z.string().openapi({ format: 'binary' }) },
        },
      },
    },
    responses: {
      200: {
        description: 'Durable; partialSuccess says what was not taken.',
        content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } },
      },
      400: { description: 'A google.rpc.Status.', content: { 'application/json': { schema: z.looseObject({}) } } },
    },
  })
  registry.registerPath({
    method: 'post',
    path: '/api/calls',
    summary: 'Call lines: one JSON object a line, with the column names of table calls.',
    request: {
      body: { required: true, content: { 'application/x-ndjson': { schema: z.string() } } },
    },
    responses: {
      200: { description: 'Durable.', content: { 'application/json': { schema: stored } } },
      400: refused,
      413: refused,
      415: refused,
      503: refused,
    },
  })
  const status = z.strictObject({ status: z.string() })
  for (const path of ['/healthz', '/readyz']) {
    registry.registerPath({
      method: 'get',
      path,
      summary: path === '/healthz' ? 'The server runs.' : 'It can take calls.',
      responses: { 200: { description: 'Yes.', content: { 'application/json': { schema: status } } }, 503: refused },
    })
  }
  registry.registerPath({
    method: 'get',
    path: '/metrics',
    summary: 'Prometheus text.',
    responses: { 200: file('Metrics.', 'text/plain') },
  })
}
