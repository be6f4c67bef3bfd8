import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { ContentPolicy, PriceBook } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import type { ServerEnv } from '../http/access.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { refusalOfIssues } from './refusal-of-issues.ts'
import { errorAnswer } from './schemas/error.ts'
import type { Health } from './schemas/health.ts'

/** What every route is given. */
export interface ApiContext {
  readonly store: Store
  /** The prices that hold now: your own of the database, then the others. */
  prices(): Promise<PriceBook>
  /** What may be kept of the words of a posted log. */
  readonly policy: ContentPolicy
  /** Epoch milliseconds. */
  now(): number
  readonly version: string
  /** Takes posted logs, and tells what came in. */
  readonly ingest: Pick<Ingest, 'write' | 'snapshot'>
  /** How the journal that this server drains stands, if there is one. */
  journal(): Promise<Health['journal']>
  /** Where traces can be looked at. */
  readonly jaegerUrl: string | null
  /** Ends every stream. */
  readonly signal: AbortSignal | undefined
  /** How often the log is looked at for streams, and how often they say that they are alive. */
  readonly live: { readonly pollMs: number; readonly heartbeatMs: number }
  /** Hears of what the caller is not told. */
  onError(error: unknown): void
}

export type Api = OpenAPIHono<ServerEnv>

/** Statuses with which a route may refuse. */
type Refusal = 400 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 503

const MEANINGS: Readonly<Record<Refusal, string>> = {
  400: 'A parameter or a field is wrong.',
  403: 'The token does not allow this.',
  404: 'Not found.',
  409: 'It already exists.',
  413: 'The body is too large.',
  415: 'The body has an unsupported type.',
  422: 'It refers to something that does not exist, or contradicts itself.',
  500: 'The server failed; its log says why.',
  503: 'Temporarily unavailable.',
}

/** A part of the API: an app that says what is wrong with a request in one form. */
export function createPart(): Api {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined
      // The types leave it out, but what was looked at is always there.
      const data: unknown = 'data' in result ? result.data : undefined
      throw refusalOfIssues({ issues: result.error.issues, part: result.target, data })
    },
  })
}

/** The answers of a route: one good one, and the refusals that it can give. */
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

/** Refusals as a route documents them. */
export function refusals(...statuses: readonly Refusal[]) {
  return Object.fromEntries(
    ([...statuses, 500] as const).map((status) => [
      status,
      { description: MEANINGS[status], content: { 'application/json': { schema: errorAnswer } } },
    ]),
  ) as {} // they never come out of a handler's return value: what refuses throws
}
