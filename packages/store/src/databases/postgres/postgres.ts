import { Kysely, PostgresDialect } from 'kysely'
import { cleanParameters } from '../../sql/clean-text.ts'
import { withPostgresSentence } from './errors.ts'
import { POSTGRES_FUNCTIONS } from './functions.ts'
import { checkPostgresSchema, migratePostgres } from './migrate.ts'
import { createPostgresPool, type PostgresPool } from './pool.ts'
import { parsePostgresUrl } from './url.ts'
import { createPostgresWriter } from './writer.ts'
import { createQueries } from '../../queries.ts'
import { rebuildPostgresDay } from './rollups.ts'
import type { ChangeCalls } from '../../prices/reprice.ts'
import type { RebuildDay } from '../../rollups/rollup-check.ts'
import type { Store } from '../../store.ts'
import type { Tables } from '../../sql/tables.ts'

/** How a Postgres database is opened. */
export interface PostgresOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=spanledger` */
  readonly url: string
  readonly readOnly: boolean
  /** How long to wait for a connection, and for other writers. */
  readonly busyTimeoutMs: number
  readonly now: () => number
  /** Whether questions may be answered by rollups. */
  readonly usesRollups: boolean
}

/** Opens a store in a schema of a Postgres database, and makes or updates its tables. */
export async function openPostgres({
  url,
  readOnly,
  busyTimeoutMs,
  now,
  usesRollups,
}: PostgresOptions): Promise<Store> {
  const place = parsePostgresUrl(url)
  // Questions that take long leave the writer its connections. Databases have few to give.
  const pool = await createPostgresPool({ ...place, readOnly, busyTimeoutMs, connections: 2 })
  const asking = await createPostgresPool({ ...place, readOnly, busyTimeoutMs, connections: 3 })
  let isOpen = true

  async function guarded<Result>(body: () => Promise<Result>): Promise<Result> {
    if (!isOpen) throw new Error(`The store at ${place.name} is closed`)
    try {
      return await body()
    } catch (error) {
      throw withPostgresSentence(error, place.name)
    }
  }

  try {
    await guarded(() => (readOnly ? checkPostgresSchema(pool, place) : migratePostgres(pool, place, now)))
  } catch (error) {
    await pool.end()
    throw error
  }
  const db = new Kysely<Tables>({ dialect: dialectOf(asking, guarded) })
  const writing = createWriting({ pool, name: place.name, readOnly, now }, guarded)
  const queries = createQueries(db, POSTGRES_FUNCTIONS, {
    changeCalls: writing.changeCalls,
    rebuildDay: writing.rebuildDay,
    now,
    usesRollups,
  })
  return {
    ...queries,
    ...writing.methods,
    // Steps are committed first: of two who write parts of a trace at once, the one who looks later must see the other's.
    async write(calls, options = {}) {
      if (!readOnly && options.links !== undefined) await queries.keepStepLinks(options.links)
      return writing.methods.write(calls, options)
    },
    async close() {
      if (!isOpen) return
      isOpen = false
      await Promise.all([pool.end(), asking.end()])
    },
  }
}

type Guard = <Result>(body: () => Promise<Result>) => Promise<Result>

interface WritingOptions extends Pick<PostgresOptions, 'readOnly' | 'now'> {
  readonly pool: PostgresPool
  readonly name: string
}

interface Writing {
  readonly methods: Pick<Store, 'write' | 'forgetJournal' | 'ensureProject' | 'changePrices'>
  readonly changeCalls: ChangeCalls
  readonly rebuildDay: RebuildDay
}

function createWriting({ pool, name, readOnly, now }: WritingOptions, guarded: Guard): Writing {
  if (readOnly) {
    const refuse = async (): Promise<never> => {
      throw new Error(`The store at ${name} is open for reading only; open it for writing`)
    }
    return {
      methods: { write: refuse, forgetJournal: refuse, ensureProject: refuse, changePrices: refuse },
      changeCalls: refuse,
      rebuildDay: refuse,
    }
  }
  const writer = createPostgresWriter(pool, now)
  return {
    methods: {
      write: (calls, options = {}) => guarded(() => writer.write(calls, options)),
      forgetJournal: (segments) => guarded(() => writer.forgetJournal(segments)),
      ensureProject: (project) => guarded(() => writer.ensureProject(project)),
      changePrices: (change) => guarded(() => writer.changePrices(change)),
    },
    changeCalls: (ingestSeqs, change) => guarded(() => writer.changeCalls(ingestSeqs, change)),
    rebuildDay: (dayStart) => guarded(() => rebuildPostgresDay(pool, dayStart)),
  }
}

// Only questions go through kysely.
function dialectOf(pool: PostgresPool, guarded: Guard): PostgresDialect {
  return new PostgresDialect({
    pool: {
      options: {},
      end: async () => undefined,
      connect: () =>
        guarded(async () => {
          const client = await pool.connect()
          return {
            release: (destroy) => client.release(destroy),
            // It has no cursors to ask with, so it is only ever given a text.
            query: ((text: string, parameters: readonly unknown[]) =>
              guarded(() => client.query(text, cleanParameters(parameters)))) as never,
          }
        }),
    },
  })
}
