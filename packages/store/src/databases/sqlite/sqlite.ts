import type { DatabaseSync } from 'node:sqlite'
import type { DatabaseAddress, OpenDatabase, OpenDatabaseOptions } from '../database.ts'
import { createGuard } from '../guard.ts'
import { openDatabase } from '../open-database.ts'
import { withSentence } from './errors.ts'
import { checkFile, ensureFile, pathOfUrl } from './file.ts'
import { SQLITE_FUNCTIONS } from './functions.ts'
import { SQLITE } from './kind.ts'
import { kyselyDialectOf } from './kysely-dialect.ts'
import { checkSqliteSchema, migrateSqlite } from './migrate.ts'
import { readInThreads } from './reading-threads.ts'
import { addHistogramFunction } from './rollups.ts'
import { createSqliteWriter } from './writer.ts'

const IN_MEMORY = ':memory:'

// Synchronous FULL, because callers discard their copy once a write resolves, so it must survive a power failure. A large
// log (48 MB) between checkpoints, because random ids touch most pages of their index, and each page is then copied once
// instead of many times. After a burst the log file is cut back to 64 MB.
const WRITER_PRAGMAS = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 12000;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -16000;
`

// Enough memory for the groups of a query over many calls, which SQLite would otherwise sort in files.
const READER_PRAGMAS = 'PRAGMA cache_size = -32000'

/** Opens a SQLite file, or a database in memory; for a file, `readingThreads` answer long queries. */
export function openSqlite(options: OpenDatabaseOptions): OpenDatabase {
  const { readingThreads: threads, usesRollups } = options
  const path = pathOf(options)
  const opened = openInThread(path, options)
  return threads === 0 || path === IN_MEMORY ? opened : readInThreads(opened, { path, usesRollups, threads })
}

function openInThread(path: string, options: OpenDatabaseOptions): OpenDatabase {
  const database = openFile(path, options)
  const guard = createGuard({ name: path, withSentence: (error) => withSentence(error, path) })
  return openDatabase(
    {
      name: path,
      guard,
      kind: SQLITE,
      functions: SQLITE_FUNCTIONS,
      dialect: kyselyDialectOf(database, guard),
      createWriter: () => createSqliteWriter(database, options),
      end: () => database.close(),
    },
    options,
  )
}

function pathOf({ url, path = pathOfUrl(url ?? '') }: DatabaseAddress): string {
  if (path === '') throw new Error('A store needs a url such as file:usage.db, or a path, but not both')
  return path
}

function openFile(path: string, { readOnly, privateFolder, busyTimeoutMs, now }: OpenDatabaseOptions): DatabaseSync {
  // Loaded by name at run time, because bundlers do not know the module and older versions of Node do not have it.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined
  if (sqlite === undefined) throw new Error(`Node ${process.versions.node} has no SQLite; use Node 22.13 or newer`)
  if (path !== IN_MEMORY) {
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
      // First, because it rejects files of other applications, which the pragmas would change.
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
