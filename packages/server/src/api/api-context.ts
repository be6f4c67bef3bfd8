import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { ContentPolicy, PriceBook } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import type { ServerEnv } from '../http/access.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { refusalOfIssues } from './refusal-of-issues.ts'
import { errorAnswer } from './schemas/error.ts'
import type { Health } from './schemas/health.ts'

/** What every route receives. */
export interface ApiContext {
  readonly store: Store
  /** Returns the current prices; custom prices in the database come first. */
  prices(): Promise<PriceBook>
  /** Decides how much content of a posted log is stored. */
  readonly policy: ContentPolicy
  /** Epoch milliseconds. */
  now(): number
  readonly version: string
  /** Stores posted logs and reports ingest statistics. */
  readonly ingest: Pick<Ingest, 'write' | 'snapshot'>
  /** Returns the state of the journal that this server drains; null without one. */
  journal(): Promise<Health['journal']>
  /** Base URL of a Jaeger UI. */
  readonly jaegerUrl: string | null
  /** Ends all streams. */
  readonly signal: AbortSignal | undefined
  /** How often streams poll the log and send heartbeats. */
  readonly live: { readonly pollMs: number; readonly heartbeatMs: number }
  /** Called with errors that are not part of an answer. */
  onError(error: unknown): void
}

export type Api = OpenAPIHono<ServerEnv>

/** Statuses with which a route may refuse. */
type Refusal = 400 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 503

const MEANINGS: Readonly<Record<Refusal, string>> = {
  400: 'A parameter or field is invalid.',
  403: 'The token does not allow this request.',
  404: 'Not found.',
  409: 'Conflict with something that already exists.',
  413: 'The body is too large.',
  415: 'The content type or encoding of the body is not supported.',
  422: 'The body refers to something unknown, or its fields contradict each other.',
  500: 'The server failed; see its log.',
  503: 'Temporarily unavailable.',
}

/** Creates a part of the API: an app that reports invalid requests in a uniform way. */
export function createPart(): Api {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined
      // The type omits `data`, but it is always present.
      const data: unknown = 'data' in result ? result.data : undefined
      throw refusalOfIssues({ issues: result.error.issues, part: result.target, data })
    },
  })
}

/** Documents the successful answer of a route. */
export function answers<Answer extends z.ZodType, Status extends 200 | 201>(
  status: Status,
  schema: Answer,
  description: string,
) {
  return { [status]: { description, content: { 'application/json': { schema } } } } as {
    readonly [Key in Status]: {
      readonly description: string
      readonly content: { readonly 'application/json': { readonly schema: Answer } }
    }
  }
}

/** Documents the successful answer of a route that can also be a CSV file. */
export function answersOrCsv<Answer extends z.ZodType>(schema: Answer, description: string) {
  const { 200: answer } = answers(200, schema, description)
  return { 200: { description, content: { ...answer.content, 'text/csv': { schema: z.string() } } } }
}

/** Documents the refusals of a route. */
export function refusals(...statuses: readonly Refusal[]) {
  return Object.fromEntries(
    ([...statuses, 500] as const).map((status) => [
      status,
      { description: MEANINGS[status], content: { 'application/json': { schema: errorAnswer } } },
    ]),
  ) as {} // handlers throw refusals and never return them
}
