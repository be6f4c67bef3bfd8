import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startProviderServer } from '../provider-server/index.ts'
import { type AppOptions, type AppRun, query, runApp } from './run-app.ts'

/** Rows of one run of seven.ts: the run, two model calls and a tool call. */
export const ROWS = 4

/** Options of an application; without a name it is seven.ts. */
export type ComparedOptions = Partial<AppOptions>

/** Runs of an application, to be compared with what it does without us. */
export interface Comparison {
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
export async function startComparison(): Promise<Comparison> {
  const server = await startProviderServer()
  const folders: string[] = []
  const run = async ({ parameters = [], ...options }: ComparedOptions): Promise<AppRun> => {
    const ran = await runApp({ app: 'seven.ts', parameters: [server.openai, ...parameters], ...options })
    folders.push(ran.folder)
    return ran
  }
  const alone = await run({ preload: false })
  return {
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

/** One line was said, and all of this is in it. */
export function expectOneLine(ran: AppRun, ...parts: readonly string[]): void {
  expect(linesOf(ran)).toEqual([expect.stringMatching(/^\(node:\d+\) SpanledgerWarning: spanledger: /)])
  for (const part of parts) expect(ran.stderr).toContain(part)
}

/** Every call of so many runs is stored, and stored once. */
export function expectRows(database: string, runs = 1): void {
  expect(query(database, 'select count(*) as calls, count(distinct span_id) as spans from calls')).toEqual([
    { calls: runs * ROWS, spans: runs * ROWS },
  ])
}
