import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

const MAIN = fileURLToPath(new URL('../../packages/spanledger/src/main.ts', import.meta.url))

/** Tokens as `npm run compose:env` would make them. */
export const INGEST_TOKEN = 'ingest-token-of-the-tests-0123456789'
export const READ_TOKEN = 'read-token-of-the-tests-0123456789ab'

/** `spanledger serve`, as a process. */
export interface LedgerProcess {
  readonly url: string
  start(): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** The figures of /metrics without labels, by name. */
  metrics(): Promise<ReadonlyMap<string, number>>
}

export interface LedgerOptions {
  readonly host: string
  readonly port: number
  readonly database: string
}

/** A server that is not started yet. */
export function createLedgerProcess({ host, port, database }: LedgerOptions): LedgerProcess {
  const url = `http://${host}:${port}`
  let child: ChildProcess | undefined
  return {
    url,
    async start() {
      const flags = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
      const parameters = ['serve', '--host', host, '--port', `${port}`, '--db', database]
      child = spawn(process.execPath, [...flags, MAIN, ...parameters], {
        env: { PATH: process.env['PATH'], SPANLEDGER_TOKENS: `ingest:${INGEST_TOKEN},read:${READ_TOKEN}` },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let said = ''
      child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
      await until(async () => (await fetch(`${url}/readyz`)).ok, 'spanledger serve is ready').catch(
        (cause: unknown) => {
          throw new Error(`spanledger serve is not ready; it says:\n${said}`, { cause })
        },
      )
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    async metrics() {
      const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${READ_TOKEN}` } })
      const figures = (await response.text()).matchAll(/^(\w+) (\S+)$/gm)
      return new Map([...figures].map(([, name = '', value]) => [name, Number(value)]))
    },
  }
}
