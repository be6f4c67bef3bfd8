import { errorMessageOf } from '@spanledger/core'
import { encodeAll, type GoodCall } from '../../calls/encode-all.ts'
import { planChange } from '../../calls/plan-write.ts'
import { isRowFault } from './errors.ts'
import { type Moment, momentOf, overtakenTraces } from './overtaken.ts'
import { type PostgresClient, type PostgresPool, withClient } from './pool.ts'
import { countInRollups, rebuildPostgresDay } from './rollups.ts'
import { SEQS_PER_TRANSACTION } from './schema.ts'
import { deletePositions, putPosition, putPrices, putProject } from './small-tables.ts'
import { insertLinks, insertProjects, lockBySeqs } from './statements.ts'
import { inPostgresTransaction, tryOut } from './transaction.ts'
import { changeRows, settleStored, writeList } from './write-list.ts'
import type { RejectedCall, WriteOptions, WriteResult } from '../../calls/writing.ts'
import { cleanText } from '../../sql/clean-text.ts'
import type { DatabaseWriter } from '../database-writer.ts'

/** How a database is written. */
export interface PostgresWriterOptions {
  /** Returns epoch milliseconds. */
  readonly now: () => number
  /** Whether writes of calls also create projects and store the position of a journal. */
  readonly holdsSmallTables: boolean
}

interface ListOfCalls {
  readonly good: readonly GoodCall[]
  readonly bad: readonly RejectedCall[]
  readonly options: WriteOptions
}

/**
 * Creates the write path of a migrated database. Each method is one transaction; `write` stores steps before it, and
 * afterwards settles again the traces that others changed meanwhile.
 */
export function createPostgresWriter(
  pool: PostgresPool,
  { now, holdsSmallTables }: PostgresWriterOptions,
): DatabaseWriter {
  async function writeAll({ good, bad, options }: ListOfCalls): Promise<WriteResult> {
    const { settle, position } = options
    const calls = good.map(({ encoded }) => encoded)
    let moment: Moment | undefined
    const result = await inPostgresTransaction(pool, async (client) => {
      if (settle !== undefined) moment = await momentOf(client)
      const createdAt = now()
      const stored = await writeList(client, calls, { settle, createdAt, holdsSmallTables })
      const result = { stored, deduplicated: good.length - stored, rejected: bad }
      if (holdsSmallTables && position !== undefined) {
        await putPosition(client, position, { result, now: createdAt })
      }
      return result
    })
    const traceIds = new Set(calls.map((call) => call.traceId))
    if (settle !== undefined && moment !== undefined) await settleMeanwhile([...traceIds], settle, moment)
    return result
  }

  // Two concurrent writers of one trace do not see each other's calls. The one that commits last sees both. Making one wait
  // would need a lock for each trace, and a database has few locks.
  async function settleMeanwhile(
    traceIds: readonly string[],
    settle: NonNullable<WriteOptions['settle']>,
    moment: Moment,
  ): Promise<void> {
    const overtaken = await withClient(pool, (client) => overtakenTraces(client, traceIds, moment))
    if (overtaken.length > 0) await inPostgresTransaction(pool, (client) => settleStored(client, overtaken, settle))
  }

  // Bisects the list, because most such lists have only one or two rejected calls.
  async function refusedOf(client: PostgresClient, calls: readonly GoodCall[]): Promise<Map<GoodCall, RejectedCall>> {
    const [first] = calls
    if (first === undefined) return new Map()
    try {
      const list = calls.map(({ encoded }) => encoded)
      await tryOut(client, () => writeList(client, list, { createdAt: now(), holdsSmallTables }))
      return new Map()
    } catch (error) {
      if (!isRowFault(error)) throw error
      if (calls.length === 1) return new Map([[first, { call: first.call, reason: errorMessageOf(error) }]])
    }
    const middle = Math.ceil(calls.length / 2)
    const front = await refusedOf(client, calls.slice(0, middle))
    return new Map([...front, ...(await refusedOf(client, calls.slice(middle)))])
  }

  return {
    async write(calls, options) {
      if (calls.length > SEQS_PER_TRANSACTION) {
        throw new Error(
          `Postgres cannot store ${calls.length} calls in one write; write at most ${SEQS_PER_TRANSACTION}`,
        )
      }
      // Steps are committed first: of two concurrent writers of one trace, the later one must see the other's steps.
      const { links = [] } = options
      if (links.length > 0) await withClient(pool, (client) => insertLinks(client, links, now()))
      const { good, bad } = encodeAll(calls)
      try {
        return await writeAll({ good, bad, options })
      } catch (error) {
        if (!isRowFault(error)) throw error
        const refused = await inPostgresTransaction(pool, (client) => refusedOf(client, good))
        const rest = good.filter((call) => !refused.has(call))
        return writeAll({ good: rest, bad: [...bad, ...refused.values()], options })
      }
    },

    changeCalls: (ingestSeqs, change) =>
      inPostgresTransaction(pool, async (client) => {
        const { plan, calls } = planChange(await lockBySeqs(client, ingestSeqs), change)
        await countInRollups(client, await changeRows(client, plan, now()))
        return calls
      }),

    forgetJournal: (segments) => withClient(pool, (client) => deletePositions(client, segments)),

    ensureProject: (project) => inPostgresTransaction(pool, (client) => putProject(client, project, now())),

    rebuildDay: (dayStart) => rebuildPostgresDay(pool, dayStart),

    followWrite: ({ projectIds, position, result }) =>
      inPostgresTransaction(pool, async (client) => {
        await insertProjects(client, projectIds.map(cleanText), now())
        if (position !== undefined) await putPosition(client, position, { result, now: now() })
      }),

    changePrices: (change) => inPostgresTransaction(pool, (client) => putPrices(client, change, now())),
  }
}
