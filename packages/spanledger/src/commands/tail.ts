import { toCallLine } from '@spanledger/core'
import type { CallView } from '@spanledger/server/api'
import type { Command } from 'commander'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CliContext } from '../cli/context.ts'
import { sentenceOf, UsageError } from '../cli/error.ts'
import { addFilterOptions, type FilterOptions, readFilter } from '../cli/filter.ts'
import { addFormatOption, type Format } from '../cli/format.ts'
import { addLedgerOption, type LedgerOption, ledgerServerOf } from '../cli/ledger.ts'
import { createTimeFormat } from '../cli/time.ts'
import { toStoredCall } from '../ledger/stored-views.ts'
import { formatCount, formatDuration, formatUsd, UNKNOWN } from '../cli/text/numbers.ts'
import { printable } from '../cli/text/printable.ts'
import { readEvents } from './read-events.ts'

interface TailOptions extends FilterOptions, LedgerOption {
  readonly url?: string
  readonly format: Format
}

/** The stream to follow, and how to print its calls. */
interface Following {
  readonly address: URL
  readonly token: string | undefined
  readonly stopping: AbortSignal
  readonly show: (call: CallView) => string
}

// The default of the server, written again because importing it would load the server.
const DEFAULT_URL = 'http://127.0.0.1:4319'
const RETRY_MS = 2_000

export function addTailCommand(program: Command, context: CliContext): void {
  const command = program
    .command('tail')
    .description('Prints calls as a server stores them, one per line, until Ctrl-C.')
    .option('--url <address>', `URL of the server (default: that of --db, else ${DEFAULT_URL})`)
  addLedgerOption(command)
  addFormatOption(command, ['table', 'jsonl'])
  addFilterOptions(command)
  command.action((options: TailOptions) => tail(options, context))
}

async function tail(options: TailOptions, context: CliContext): Promise<void> {
  const { timeZone } = readFilter(options, context)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const following: Following = {
    address: addressOf(options, context),
    token: options.token ?? context.environment['SPANLEDGER_TOKEN'],
    stopping: stop.signal,
    show: options.format === 'jsonl' ? lineAsJson : createLineFormat(timeZone),
  }
  let lastId: string | undefined
  let isFirst = true
  while (!stop.signal.aborted) {
    try {
      for await (const id of followOnce(following, lastId, context)) lastId = id
    } catch (error) {
      if (stop.signal.aborted) return
      // If it never connected, the URL or the token is wrong.
      if (isFirst && lastId === undefined) throw error
      context.output.note(`${sentenceOf(error)}; retrying`)
    }
    isFirst = false
    await sleep(RETRY_MS, undefined, { signal: stop.signal }).catch(() => {})
  }
}

/** Prints calls until the connection ends; yields the id to resume after. */
async function* followOnce(
  { address, token, stopping, show }: Following,
  lastId: string | undefined,
  { output }: CliContext,
): AsyncGenerator<string> {
  const response = await connect(address, {
    headers: {
      accept: 'text/event-stream',
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal: stopping,
  })
  if (lastId === undefined) output.note(`Following ${address.origin}`)
  for await (const { events, lastId } of readEvents(response)) {
    for (const { event, data } of events) {
      if (event === 'call') await output.write(`${show(JSON.parse(data) as CallView)}\n`) // the contract of the route
    }
    if (lastId !== undefined) yield lastId
  }
}

async function connect(address: URL, request: RequestInit): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(address, request).catch((error: unknown) => {
    throw new Error(`No server answers at ${address.origin}; start one with "spanledger serve", or pass --url`, {
      cause: error,
    })
  })
  if (response.status === 200 && response.body !== null) return response.body
  const answer = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined
  throw new Error(
    `${address.origin} answered ${response.status}: ${answer?.error?.message ?? 'not a Spanledger server'}`,
  )
}

function addressOf(options: TailOptions, context: CliContext): URL {
  const named = options.url ?? ledgerServerOf(options, context)?.ledgerUrl
  if (named === undefined && options.db !== undefined) {
    throw new UsageError(
      'tail follows a server; start "spanledger serve" with this --db, and pass the URL that it prints',
    )
  }
  const url = named ?? DEFAULT_URL
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new UsageError(`--url "${url}" must be a URL, such as ${DEFAULT_URL}`)
  }
  const address = new URL('api/stream', url.endsWith('/') ? url : `${url}/`)
  const { filter } = readFilter(options, context)
  for (const [name, value] of Object.entries(filter) as [string, unknown][]) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) address.searchParams.append(name, String(one ?? ''))
  }
  return address
}

/** The call as a line of `spanledger export`. */
function lineAsJson(call: CallView): string {
  return toCallLine(toStoredCall(call))
}

/** `12:03:22 chat gpt-5 1.2k→340 (cache 800) $0.0041 1.9s ✓ ada`. */
function createLineFormat(timeZone: string): (call: CallView) => string {
  const timeOf = createTimeFormat(timeZone)
  return (call) => {
    const parts = [
      timeOf(call.startedAt).slice(11),
      call.toolName === null
        ? `${(call.callType ?? call.kind).toLowerCase()} ${call.model ?? ''}`.trim()
        : `tool ${call.toolName}`,
      ...(call.inputTokens === null && call.outputTokens === null ? [] : [tokensOf(call)]),
      ...(call.billable === 1 ? [call.costNanoUsd === null ? UNKNOWN : formatUsd(call.costNanoUsd)] : []),
      formatDuration(call.durationMs),
      call.status === 'ok' ? '✓' : `✗ ${call.errorType ?? call.status}`,
      ...(call.operation === null ? [] : [call.operation]),
      ...(call.userId === null ? [] : [call.userId]),
    ]
    return parts.map((part) => printable(part, 80)).join(' ')
  }
}

function tokensOf({ inputTokens, outputTokens, cacheReadTokens }: CallView): string {
  const cache = cacheReadTokens === null || cacheReadTokens === 0 ? '' : ` (cache ${formatCount(cacheReadTokens)})`
  return `${formatCount(inputTokens)}→${formatCount(outputTokens)}${cache}`
}
