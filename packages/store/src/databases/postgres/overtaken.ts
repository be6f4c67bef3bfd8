import type { PostgresClient } from './pool.ts'

/** A moment in the life of a transaction, as the numbers that Postgres gives to transactions. */
export interface Moment {
  /** The transaction itself. */
  readonly own: string
  /** The first one that had not ended: whatever changed before is seen. */
  readonly since: string
}

/** The moment now, inside a transaction. */
export async function momentOf(client: PostgresClient): Promise<Moment> {
  const { rows } = await client.query(
    'SELECT pg_current_xact_id()::xid::text AS own, pg_snapshot_xmin(pg_current_snapshot())::xid::text AS since',
  )
  return rows[0] as Moment // it has one row
}

/** Those of the traces in which others have changed something that was not seen at that moment. */
export async function overtakenTraces(
  client: PostgresClient,
  traceIds: readonly string[],
  { own, since }: Moment,
): Promise<string[]> {
  // `xmin` is the transaction that wrote a row last. Ages can be compared; the numbers themselves start again.
  const { rows } = await client.query(
    `SELECT DISTINCT trace_id FROM calls
     WHERE trace_id = ANY($1) AND xmin <> $2::xid AND age(xmin) <= age($3::xid)`,
    [traceIds, own, since],
  )
  return (rows as { readonly trace_id: string }[]).map((row) => row.trace_id)
}
