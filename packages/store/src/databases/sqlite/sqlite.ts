import { Kysely, SqliteDialect } from 'kysely'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { withSentence } from './errors.ts'
import { checkFile, ensureFile } from './file.ts'
import { checkSqliteSchema, migrateSqlite } from './migrate.ts'
import { addHistogramFunction, rebuildSqliteDay } from './rollups.ts'
import { createSqliteWriter } from './writer.ts'
import { SQLITE_FUNCTIONS } from './functions.ts'
import type { Store } from '../../store.ts'
import type { Tables } from '../../sql/tables.ts'
import { cleanParameters } from '../../sql/clean-text.ts'
import { createQueries } from '../../queries.ts'
import type { ChangeCalls } from '../../prices/reprice.ts'
import type { RebuildDay } from '../../rollups/rollup-check.ts'
import { changeSqlitePrices } from './price-writer.ts'

/** How a SQLite file is opened. */
export interface SqliteOptions {
  /** A path, or `:memory:`. */
  readonly path: string
  readonly readOnly: boolean
  /** Make the folder if it is missing, closed to others and ignored by git. */
  readonly privateFolder: boolean
  /** How long to wait for another process that writes. */
  readonly busyTimeoutMs: number
  readonly now: () => number
  /** Whether questions may be answered by rollups. */
  readonly usesRollups: boolean
}

// Durable when a write resolves, also when the power fails: whoever wrote throws its copy away. A log of up to 48 MB
// between checkpoints, because random ids touch most pages of their index, and each page is then copied once instead of
// many times; cut back to 64 MB after a burst.
const WRITER_PRAGMAS = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 12000;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -16000;
`

// Room for the groups of a question over many calls, which would otherwise be sorted in files.
const READER_PRAGMAS = 'PRAGMA cache_size = -32000'

/** Opens a store in a SQLite file, and makes or updates its tables. */
export function openSqlite(options: SqliteOptions): Store {
  const { path } = options
  const database = openDatabase(options)
  let isOpen = true

  function guarded<Result>(body: () => Result): Result {
    if (!isOpen) throw new Error(`The store at ${path} is closed`)
    try {
      return body()
    } catch (error) {
      throw withSentence(error, path)
    }
  }

  const db = new Kysely<Tables>({ dialect: dialectOf(database, guarded) })
  const writing = createWriting(database, options, guarded)
  return {
    ...createQueries(db, SQLITE_FUNCTIONS, {
      changeCalls: writing.changeCalls,
      rebuildDay: writing.rebuildDay,
      now: options.now,
      usesRollups: options.usesRollups,
    }),
    ...writing.methods,
    async close() {
      if (!isOpen) return
      isOpen = false
      database.close()
    },
  }
}

type Guard = <Result>(body: () => Result) => Result

interface Writing {
  readonly methods: Pick<Store, 'write' | 'forgetJournal' | 'ensureProject' | 'changePrices'>
  readonly changeCalls: ChangeCalls
  readonly rebuildDay: RebuildDay
}

function createWriting(database: DatabaseSync, { path, readOnly, now }: SqliteOptions, guarded: Guard): Writing {
  if (readOnly) {
    const refuse = async (): Promise<never> => {
      throw new Error(`The store at ${path} is open for reading only; open it for writing`)
    }
    return {
      methods: { write: refuse, forgetJournal: refuse, ensureProject: refuse, changePrices: refuse },
      changeCalls: refuse,
      rebuildDay: refuse,
    }
  }
  const writer = createSqliteWriter(database, now)
  return {
    methods: {
      write: async (calls, options = {}) => guarded(() => writer.write(calls, options)),
      forgetJournal: async (segments) => guarded(() => writer.forgetJournal(segments)),
      ensureProject: async (project) => guarded(() => writer.ensureProject(project)),
      changePrices: async (change) => guarded(() => changeSqlitePrices(database, change, now)),
    },
    changeCalls: async (ingestSeqs, change) => guarded(() => writer.changeCalls(ingestSeqs, change)),
    rebuildDay: async (dayStart) => guarded(() => rebuildSqliteDay(database, dayStart)),
  }
}

function openDatabase({ path, readOnly, privateFolder, busyTimeoutMs, now }: SqliteOptions): DatabaseSync {
  // Asked for by name at run time, because bundlers do not know it and older versions of Node do not have it.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined
  if (sqlite === undefined) throw new Error(`Node ${process.versions.node} has no SQLite; use Node 22.13 or newer`)
  if (path !== ':memory:') {
    if (readOnly) checkFile(path)
    else ensureFile(path, { privateFolder })
  }
  let database: DatabaseSync | undefined
  try {
    database = new sqlite.DatabaseSync(path, { readOnly })
    database.exec(`PRAGMA busy_timeout = ${Math.round(busyTimeoutMs)}`)
    if (readOnly) {
      checkSqliteSchema(database, path)
      database.exec(READER_PRAGMAS)
    } else {
      // First, because it refuses files that are not ours, and the pragmas would change those.
      migrateSqlite(database, path, now)
      addHistogramFunction(database)
      database.exec(WRITER_PRAGMAS)
    }
    return database
  } catch (error) {
    database?.close()
    throw withSentence(error, path)
  }
}

// Only questions go through kysely; its statements never meet an open transaction, because a write does not pause.
function dialectOf(database: DatabaseSync, guarded: Guard): SqliteDialect {
  return new SqliteDialect({
    database: {
      close: () => undefined,
      prepare(text) {
        const statement = guarded(() => database.prepare(text))
        const values = (parameters: readonly unknown[]): SQLInputValue[] =>
          cleanParameters(parameters) as SQLInputValue[] // texts and numbers
        return {
          reader: true,
          all: (parameters) => guarded(() => statement.all(...values(parameters))),
          run: (parameters) => guarded(() => statement.run(...values(parameters))),
          iterate: (parameters) => guarded(() => statement.iterate(...values(parameters))),
        }
      },
    },
  })
}
