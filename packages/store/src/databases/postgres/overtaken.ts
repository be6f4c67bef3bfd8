import type { PostgresClient } from './pool.ts'

/** What a transaction can see at a moment, as transaction ids of Postgres. */
export interface Moment {
  /** The transaction itself. */
  readonly own: string
  /** The oldest transaction that was still running: all changes of earlier ones are visible. */
  readonly since: string
}

/** The current moment of a transaction. */
export async function momentOf(client: PostgresClient): Promise<Moment> {
  const { rows } = await client.query(
    'SELECT pg_current_xact_id()::xid::text AS own, pg_snapshot_xmin(pg_current_snapshot())::xid::text AS since',
  )
  return rows[0] as Moment // it has one row
}

/** The traces in which others have committed changes that were not visible at that moment. */
export async function overtakenTraces(
  client: PostgresClient,
  traceIds: readonly string[],
  { own, since }: Moment,
): Promise<string[]> {
  // `xmin` is the transaction that wrote a row last. Ids wrap around, so ages are compared.
  const { rows } = await client.query(
    `SELECT DISTINCT trace_id FROM calls
     WHERE trace_id = ANY($1) AND xmin <> $2::xid AND age(xmin) <= age($3::xid)`,
    [traceIds, own, since],
  )
  return (rows as { readonly trace_id: string }[]).map((row) => row.trace_id)
}
