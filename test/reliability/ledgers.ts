import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readFrames } from '@spanledger/journal/frames'
import { expect } from 'vitest'
import { startCommand } from './start-app.ts'

/** A database with the journal that belongs to it, looked at with nothing of ours. */
export interface Ledger {
  readonly name: string
  /** As `openUsageLog` takes it. */
  readonly url: string
  /** Where applications run and the command is called. */
  readonly folder: string
  /** The folder of the journal. */
  journal(): string
  rows(sql: string): Promise<readonly Record<string, unknown>[]>
  /** Complaints of the database about itself. */
  complaints(): Promise<readonly string[]>
}

export function sqliteLedger(folder: string): Ledger {
  const path = join(folder, 'usage.db')
  const ask = (sql: string) => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
    try {
      return database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }))
    } finally {
      database.close()
    }
  }
  return {
    name: 'sqlite',
    url: `file:${path}`,
    folder,
    journal: () => `${path}.spanledger`,
    rows: async (sql) => (existsSync(path) ? ask(sql) : []),
    async complaints() {
      const said = [...ask('pragma integrity_check'), ...ask('pragma foreign_key_check')]
      return said.map((row) => Object.values(row).join(' ')).filter((text) => text !== 'ok')
    },
  }
}

/** Runs `spanledger drain` to its end, which must be a good one. */
export async function drain({ folder, url }: Ledger, journal?: string): Promise<string> {
  const env = journal === undefined ? {} : { SPANLEDGER_JOURNAL: journal }
  const command = startCommand(folder, ['drain', '--db', url], env)
  const code = await command.ended
  expect({ code, stderr: command.stderr() }).toEqual({ code: 0, stderr: expect.any(String) })
  return command.stderr()
}

/** Calls that wait in a journal, from any process. */
export function journaledCalls(ledger: Ledger): number {
  const folder = ledger.journal()
  if (!existsSync(folder)) return 0
  const segments = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.journal'),
  )
  return segments.reduce((sum, name) => sum + callsIn(folder, name), 0)
}

function callsIn(folder: string, name: string): number {
  const [directory = '', file = ''] = name.split('/')
  const segment = `${directory.split('@')[0]}/${file.slice(0, -'.journal'.length)}`
  const { frames } = readFrames(readFileSync(join(folder, name)), 0, segment, { isFinished: true })
  return frames.filter(({ kind }) => kind === 'call').length
}

/** Ids of calls that have ended and are stored. */
export async function storedIds(ledger: Ledger): Promise<readonly string[]> {
  const rows = await ledger.rows(`select trace_id || '-' || span_id as id from calls where status = 'ok'`)
  return rows.map(({ id }) => String(id))
}

/** What became of acknowledged calls. */
export interface Losses {
  readonly acked: number
  readonly lost: number
  readonly duplicated: number
}

/** Compares what was acknowledged with what is stored, and the rows with the sums that are kept of them. */
export async function lossesOf(ledger: Ledger, acked: readonly string[]): Promise<Losses> {
  const stored = await storedIds(ledger)
  const known = new Set(stored)
  // A call that was added twice would stand in there twice, whatever the key of the rows keeps out.
  const [kept] = await ledger.rows(`select coalesce(sum(input_tokens_sum), 0) as tokens from rollup_quarters`)
  expect(Number(kept?.['tokens'])).toBe(stored.length * TOKENS_OF_A_CALL)
  return {
    acked: acked.length,
    lost: acked.filter((id) => !known.has(id)).length,
    duplicated: stored.length - known.size,
  }
}

const TOKENS_OF_A_CALL = 100
