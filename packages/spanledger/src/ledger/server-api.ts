import type { ErrorAnswer } from '@spanledger/server/api'
import { databaseName, type LedgerServer } from '../destination/destination.ts'
import { splitUserinfo } from '../destination/split-userinfo.ts'

/** The parameters of a request, often a filter and more; `undefined` is left out, `null` selects unknown values. */
export type ApiQuery = object

/** Asks the HTTP API of a server. A refusal is an error with the server's sentence. */
export interface ServerApi {
  /** The JSON answer of a route, which is what the caller says it is; undefined for what the server does not have. */
  find<Answer>(path: string, query?: ApiQuery): Promise<Answer | undefined>
  /** The same for a route that always has an answer. */
  get<Answer>(path: string, query?: ApiQuery): Promise<Answer>
  /** The lines of a text answer, as they arrive. */
  lines(path: string, query: ApiQuery): AsyncGenerator<string>
}

/** Creates the client of one server. Nothing is asked until a method is called. */
export function createServerApi({ ledgerUrl, token }: LedgerServer): ServerApi {
  const name = databaseName({ ledgerUrl })
  const { url, headers: userinfo } = splitUserinfo(ledgerUrl)
  const headers = { ...userinfo, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }

  async function ask(path: string, query: ApiQuery = {}): Promise<Response> {
    const parameters = parametersOf(query)
    const search = parameters.size === 0 ? '' : `?${parameters.toString()}`
    const response = await fetch(`${url.replace(/\/$/, '')}${path}${search}`, { headers }).catch((error: unknown) => {
      throw new Error(`No server answers at ${name}; start one with "spanledger serve", or correct --db`, {
        cause: error,
      })
    })
    if (response.ok || response.status === 404) return response
    if (response.status === 401 || response.status === 403) {
      throw new Error(
        `${name} refuses this token; use one with the scope read, in --token or SPANLEDGER_TOKEN (${await refusalOf(response)})`,
      )
    }
    throw new Error(`${name} answered ${response.status}: ${await refusalOf(response)}`)
  }

  async function find<Answer>(path: string, query?: ApiQuery): Promise<Answer | undefined> {
    const response = await ask(path, query)
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.status === 404 && errorOf(answer) !== undefined) return undefined
    if (response.ok && answer !== undefined) return answer as Answer // the contract of the route
    throw new Error(`${name} answered ${response.status}: not a Spanledger server`)
  }

  return {
    find,
    async get<Answer>(path: string, query?: ApiQuery) {
      const answer = await find<Answer>(path, query)
      if (answer !== undefined) return answer
      throw new Error(`${name} does not know ${path}; update the server to the version of this command`)
    },
    async *lines(path, query) {
      const { body } = await ask(path, query)
      if (body === null) return
      let rest = ''
      for await (const text of body.pipeThrough(new TextDecoderStream())) {
        const lines = `${rest}${text}`.split('\n')
        rest = lines.pop() ?? ''
        yield* lines
      }
      if (rest !== '') yield rest
    },
  }
}

type ApiValue = string | number | null

function parametersOf(query: ApiQuery): URLSearchParams {
  const parameters = new URLSearchParams()
  const given = Object.entries(query) as [string, ApiValue | readonly ApiValue[] | undefined][] // filters and pages
  for (const [name, value] of given) {
    if (value === undefined) continue
    for (const one of [value].flat()) parameters.append(name, one === null ? '' : String(one))
  }
  return parameters
}

async function refusalOf(response: Response): Promise<string> {
  const error = errorOf(await response.json().catch(() => undefined))
  if (error === undefined) return 'not a Spanledger server'
  return error.hint === null ? error.message : `${error.message}; ${error.hint}`
}

function errorOf(answer: unknown): ErrorAnswer['error'] | undefined {
  const { error } = (answer ?? {}) as Partial<ErrorAnswer> // looked at before it is used
  return typeof error?.message === 'string' ? { ...error, hint: error.hint ?? null } : undefined
}
