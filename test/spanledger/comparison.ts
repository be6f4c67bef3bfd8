import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type AppOptions, type AppRun, query, runApp } from './run-app.ts'

// One run of seven.ts: the run, two model calls and a tool call.
const ROWS = 4

/** Options of an application; without a name it is the one that was run without us. */
export type ComparedOptions = Partial<AppOptions>

/** Runs of an application, to be compared with what it does without us. */
export interface Comparison {
  readonly server: ProviderServer
  /** What it does without us. */
  readonly alone: AppRun
  run(options: ComparedOptions): Promise<AppRun>
  /** The same, when it must end with the same code and print the same, byte for byte. */
  runUnharmed(options: ComparedOptions): Promise<AppRun>
  /** A folder that everybody can read and that goes with the comparison. */
  newFolder(): string
  close(): Promise<void>
}

/** Starts a provider server, and runs the application once without us. */
export async function startComparison(app = 'seven.ts'): Promise<Comparison> {
  const server = await startProviderServer()
  const folders: string[] = []
  const run = async ({ parameters = [], ...options }: ComparedOptions): Promise<AppRun> => {
    const ran = await runApp({ app, parameters: [server.openai, ...parameters], ...options })
    folders.push(ran.folder)
    return ran
  }
  const alone = await run({ preload: false })
  return {
    server,
    alone,
    run,
    async runUnharmed(options) {
      const ran = await run(options)
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: alone.code, stdout: alone.stdout })
      return ran
    },
    newFolder() {
      const folder = mkdtempSync(join(tmpdir(), 'spanledger-bad-'))
      chmodSync(folder, 0o755)
      folders.push(folder)
      return folder
    },
    async close() {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
      await server.close()
    },
  }
}

/** What was said on standard error, without Node's own hint. */
export function linesOf({ stderr }: AppRun): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('(Use `node --trace-warnings'))
}

/** One line that holds all of this, in this order. */
export function oneLine(...parts: readonly string[]): unknown {
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return [expect.stringMatching(new RegExp(`^\\(node:\\d+\\) SpanledgerWarning: spanledger: .*${escaped.join('.*')}`))]
}

/** How many calls a database holds, and how many of them are different ones. */
export function countsOf(database: string): unknown {
  return query(database, 'select count(*) as calls, count(distinct span_id) as spans from calls')
}

/** `countsOf` when every call of so many runs was stored once. */
export function countsOfRuns(runs: number): unknown {
  return [{ calls: runs * ROWS, spans: runs * ROWS }]
}
