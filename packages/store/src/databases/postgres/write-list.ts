import { type EncodedCall, projectIdsOf } from '../../calls/call-row.ts'
import { type CallChange, planWrite, type StoredVersions, type WritePlan } from '../../calls/plan-write.ts'
import { OvertakenError } from './errors.ts'
import type { PostgresClient } from './pool.ts'
import { countInRollups } from './rollups.ts'
import {
  insertCalls,
  insertProjects,
  lockCalls,
  lockTraces,
  putContents,
  selectContents,
  selectTraces,
  updateCalls,
} from './statements.ts'
import type { WriteOptions } from '../../calls/writing.ts'

type Settle = WriteOptions['settle']

/** How to store a list. */
export interface WriteListOptions {
  readonly settle?: Settle
  readonly createdAt: number
  /** Whether unknown projects are created. */
  readonly holdsSmallTables: boolean
}

const NO_VERSIONS: StoredVersions = { rows: [], contents: [] }

/**
 * Stores a list inside a transaction, and returns the number of new calls. Every writer first inserts, then locks, each in
 * the order of the keys, and inserts projects last, so no two writers deadlock.
 */
export async function writeList(
  client: PostgresClient,
  calls: readonly EncodedCall[],
  { settle, createdAt, holdsSmallTables }: WriteListOptions,
): Promise<number> {
  // Most lists hold only new calls, so without a `settle` calls are looked up only after their insert conflicts.
  const versions = settle === undefined ? NO_VERSIONS : await versionsOfTraces(client, calls)
  const plan = planWrite(calls, versions, settle)
  const conflicts = await insertCalls(client, plan.inserts, createdAt)
  const known = [...conflicts, ...plan.updates.map(({ call }) => call), ...plan.contents.map(({ call }) => call)]
  const updates = known.length > 0 ? await mergeKnown(client, { calls, known, settle, createdAt }) : []
  if (holdsSmallTables) await insertProjects(client, [...projectIdsOf(calls)], createdAt)
  const isKnown = new Set(conflicts)
  const inserted = plan.inserts.filter((call) => !isKnown.has(call))
  await countInRollups(client, [...inserted.map((after) => ({ before: undefined, after })), ...updates])
  return plan.inserts.length - conflicts.length
}

/** Settles the stored calls of traces again, inside a transaction. */
export async function settleStored(
  client: PostgresClient,
  traceIds: readonly string[],
  settle: NonNullable<Settle>,
): Promise<void> {
  const rows = await lockTraces(client, traceIds)
  await countInRollups(client, await changeRows(client, planWrite([], { rows, contents: [] }, settle), 0))
}

/** Executes a plan for locked rows, and returns the changes to count. No other code changes rows of `calls`. */
export async function changeRows(
  client: PostgresClient,
  plan: WritePlan,
  createdAt: number,
): Promise<readonly CallChange[]> {
  // The stored version was deleted after the insert conflicted with it, so the transaction must start again.
  if (plan.inserts.length > 0) throw new OvertakenError('A call was deleted while another version of it was written')
  await updateCalls(client, plan.updates)
  await putContents(client, plan.contents, createdAt)
  return plan.changes
}

interface KnownCalls {
  readonly calls: readonly EncodedCall[]
  /** The calls whose stored version may change. */
  readonly known: readonly EncodedCall[]
  readonly settle: Settle
  readonly createdAt: number
}

// Planned again with locked rows. A call that this transaction has inserted is merged with itself.
async function mergeKnown(
  client: PostgresClient,
  { calls, known, settle, createdAt }: KnownCalls,
): Promise<readonly CallChange[]> {
  if (settle === undefined) {
    const rows = await lockCalls(client, known)
    const plan = planWrite(known, { rows, contents: await selectContents(client, rows, known) })
    return changeRows(client, plan, createdAt)
  }
  const traceIds = new Set(known.map((call) => call.traceId))
  const ofTraces = calls.filter((call) => traceIds.has(call.traceId))
  const rows = await lockTraces(client, [...traceIds])
  const plan = planWrite(ofTraces, { rows, contents: await selectContents(client, rows, ofTraces) }, settle)
  return changeRows(client, plan, createdAt)
}

async function versionsOfTraces(client: PostgresClient, calls: readonly EncodedCall[]): Promise<StoredVersions> {
  const rows = await selectTraces(client, [...new Set(calls.map((call) => call.traceId))])
  return { rows, contents: await selectContents(client, rows, calls) }
}
