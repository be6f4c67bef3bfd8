import type { ErrorAnswer } from '@spanledger/server/api'

const TOKEN_KEY = 'spanledger.token'

/** What a server says when it will not answer. */
export class ApiError extends Error {
  readonly status: number
  readonly hint: string | undefined

  constructor(status: number, body: ErrorBody | undefined) {
    super(body?.message ?? `The server answered with status ${status}`)
    this.status = status
    this.hint = body?.hint ?? undefined
  }
}

// A proxy in front of the server may answer in another shape.
type ErrorBody = Partial<ErrorAnswer['error']>

interface RequestOptions {
  readonly method?: string
  readonly body?: unknown
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks the API; an answer that is not a success is an `ApiError`. */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await send(path, options)
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as Answer // the shapes are the server's contract
}

/** The same, with the body still to be read. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const token = sessionStorage.getItem(TOKEN_KEY)
  const response = await fetch(path, {
    method: options.method ?? 'GET',
    cache: 'no-store',
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  if (!response.ok) throw new ApiError(response.status, await readError(response))
  return response
}

/** Keeps the token of a server that asks for one until the tab is closed. */
export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token)
}

/** Whether requests carry a token; a plain link cannot. */
export function hasToken(): boolean {
  return sessionStorage.getItem(TOKEN_KEY) !== null
}

async function readError(response: Response): Promise<ErrorBody | undefined> {
  const body = (await response.json().catch(() => undefined)) as { readonly error?: ErrorBody } | undefined
  return body?.error
}
