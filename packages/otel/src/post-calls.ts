import { isError } from '@spanledger/core'

/** The address of a Spanledger server, and a token for it. */
export interface ServerAddress {
  /** Such as `https://ledger.example.com`. */
  readonly url: string
  /** A token with the scope `ingest`. */
  readonly token?: string | undefined
}

/** The outcome of posting lines. */
export type PostOutcome =
  | {
      readonly kind: 'stored'
      readonly stored: number
      readonly deduplicated: number
      /** `line` counts from 0. */
      readonly rejected: readonly { readonly line: number; readonly reason: string }[]
    }
  /** The request was too large; post fewer lines. */
  | { readonly kind: 'too_large' }
  /** Nothing was stored. */
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterMs: number | undefined }

const TIMEOUT_MS = 30_000
const MOST_RETRY_AFTER_S = 300

/** Posts call lines to a server, compressed if the platform can. Needs only `fetch`. Never rejects. */
export async function postCalls({ url, token }: ServerAddress, lines: readonly string[]): Promise<PostOutcome> {
  try {
    const { body, encoding } = await compress(lines.join('\n'))
    const response = await fetch(new URL('api/calls', url.endsWith('/') ? url : `${url}/`), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson',
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
      // The token must not follow a redirect. Edge runtimes do not support `error`; any status but 200 is a failure
      // anyway.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return await outcomeOf(response)
  } catch (error) {
    return {
      kind: 'failed',
      message: withoutCredentials(`${url} cannot be reached: ${reasonOf(error)}`),
      retryAfterMs: undefined,
    }
  }
}

async function compress(
  text: string,
): Promise<{ readonly body: string | ArrayBuffer; readonly encoding: string | undefined }> {
  const gzip = createGzip()
  if (gzip === undefined) return { body: text, encoding: undefined }
  const stream = new Blob([text]).stream().pipeThrough(gzip)
  // Buffered, because not every platform accepts a stream as a body.
  return { body: await new Response(stream).arrayBuffer(), encoding: 'gzip' }
}

function createGzip(): CompressionStream | undefined {
  try {
    return typeof CompressionStream === 'function' ? new CompressionStream('gzip') : undefined
  } catch {
    // The edge runtime of Next.js defines the name but throws on use.
    return undefined
  }
}

async function outcomeOf(response: Response): Promise<PostOutcome> {
  if (response.status === 413) {
    await response.body?.cancel()
    return { kind: 'too_large' }
  }
  if (response.status !== 200) {
    const retryAfterMs = retryAfterOf(response.headers.get('retry-after'))
    return { kind: 'failed', message: `${response.url} answered ${await answerOf(response)}`, retryAfterMs }
  }
  const answer: unknown = await response.json()
  if (!isObject(answer) || typeof answer['stored'] !== 'number' || typeof answer['deduplicated'] !== 'number') {
    throw new Error('it is not a Spanledger server')
  }
  const rejected = Array.isArray(answer['rejected']) ? answer['rejected'].flatMap(rejectedLineOf) : []
  return { kind: 'stored', stored: answer['stored'], deduplicated: answer['deduplicated'], rejected }
}

function rejectedLineOf(entry: unknown): { readonly line: number; readonly reason: string }[] {
  if (!isObject(entry) || typeof entry['line'] !== 'number') return []
  return [{ line: entry['line'] - 1, reason: String(entry['reason']) }]
}

async function answerOf(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => undefined)
  const error = isObject(answer) ? answer['error'] : undefined
  const message = isObject(error) ? error['message'] : undefined
  return typeof message === 'string' ? `${response.status}: ${message}` : String(response.status)
}

function retryAfterOf(header: string | null): number | undefined {
  if (header === null || !/^\d{1,6}$/.test(header)) return undefined
  return Math.min(Number(header), MOST_RETRY_AFTER_S) * 1000
}

function reasonOf(error: unknown): string {
  if (!isError(error)) return String(error)
  // `fetch failed` says nothing; the reason is in the cause.
  return isError(error.cause) ? error.cause.message : error.message
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

// Of the address, because an application may log the message.
function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^\s/]*@/g, '//')
}
