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

/** Documents the routes outside the API: ingest, probes and metrics. */
export function documentFrame({ openAPIRegistry: registry }: Api): void {
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  const file = (description: string, type: string) => ({ description, content: { [type]: { schema: z.string() } } })
  registry.registerPath({
    method: 'post',
    path: '/v1/traces',
    summary: 'Receive OTLP/HTTP traces as protobuf or JSON, with or without gzip.',
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
        description: 'The spans are durable, except those counted in partialSuccess.',
        content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } },
      },
      400: { description: 'A google.rpc.Status.', content: { 'application/json': { schema: z.looseObject({}) } } },
    },
  })
  registry.registerPath({
    method: 'post',
    path: '/api/calls',
    summary: 'Receive calls: one JSON object per line, with the column names of the calls table.',
    request: {
      body: { required: true, content: { 'application/x-ndjson': { schema: z.string() } } },
    },
    responses: {
      200: {
        description: 'The calls are durable, except the rejected lines.',
        content: { 'application/json': { schema: stored } },
      },
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
      summary: path === '/healthz' ? 'Check whether the server runs.' : 'Check whether the server can store calls.',
      responses: {
        200: { description: 'OK.', content: { 'application/json': { schema: status } } },
        503: refused,
      },
    })
  }
  registry.registerPath({
    method: 'get',
    path: '/metrics',
    summary: 'Metrics in the Prometheus text format.',
    responses: { 200: file('Metrics.', 'text/plain') },
  })
}
