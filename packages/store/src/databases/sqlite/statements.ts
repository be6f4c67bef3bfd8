import { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES } from '@spanledger/core'
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** The statements of the write path, prepared once and run for each row. */
export interface SqliteStatements {
  /** Takes `created_at` and the call's values. Does nothing if the call is stored. */
  readonly insertCall: StatementSync
  /** Takes the call's values and `ingest_seq`. */
  readonly updateCall: StatementSync
  /** Takes `created_at`, `ingest_seq`, `trace_id`, `span_id` and the content's values. */
  readonly putContent: StatementSync
  /** Takes `trace_id` and `span_id`; returns a `CallRow`. */
  readonly selectCall: StatementSync
  /** Takes `ingest_seq`; returns a `ContentRow`. */
  readonly selectContent: StatementSync
  /** Takes `ingest_seq`; returns a `CallRow`. */
  readonly selectBySeq: StatementSync
  /** Takes `trace_id`; returns `CallRow`s. */
  readonly selectTrace: StatementSync
  /** Takes `trace_id`, `links` as JSON and `created_at`. */
  readonly insertLinks: StatementSync
  /** Takes `id`, `name` and `created_at`. Does nothing if the project exists. */
  readonly insertProject: StatementSync
  /** Takes `name` and `id`. */
  readonly renameProject: StatementSync
  /** Takes `id`; returns a `ProjectRow`. */
  readonly selectProject: StatementSync
  /** Takes the values of a `JournalPositionRow`. Adds its counts unless the stored position is at least as far. */
  readonly putPosition: StatementSync
  /** Takes `segment`. */
  readonly deletePosition: StatementSync
}

/** Prepares them; the schema must exist. Column values are the last parameters, so that spreading them copies nothing. */
export function prepareStatements(database: DatabaseSync): SqliteStatements {
  const contentNames = CONTENT_COLUMN_NAMES.join(', ')
  return {
    insertCall: database.prepare(
      `INSERT INTO calls (created_at, ${CALL_COLUMN_NAMES.join(', ')})
       VALUES (${questionMarks(CALL_COLUMN_NAMES.length + 1)}) ON CONFLICT (trace_id, span_id) DO NOTHING`,
    ),
    updateCall: database.prepare(
      `UPDATE calls SET ${CALL_COLUMN_NAMES.map((name) => `${name} = ?`).join(', ')} WHERE ingest_seq = ?`,
    ),
    putContent: database.prepare(
      `INSERT INTO call_contents (created_at, ingest_seq, trace_id, span_id, ${contentNames})
       VALUES (${questionMarks(CONTENT_COLUMN_NAMES.length + 4)}) ON CONFLICT (ingest_seq) DO UPDATE
       SET ${CONTENT_COLUMN_NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    ),
    selectCall: database.prepare('SELECT * FROM calls WHERE trace_id = ? AND span_id = ?'),
    selectContent: database.prepare('SELECT * FROM call_contents WHERE ingest_seq = ?'),
    selectBySeq: database.prepare('SELECT * FROM calls WHERE ingest_seq = ?'),
    selectTrace: database.prepare('SELECT * FROM calls WHERE trace_id = ? ORDER BY ingest_seq'),
    insertLinks: database.prepare('INSERT INTO span_links (trace_id, links, created_at) VALUES (?, ?, ?)'),
    insertProject: database.prepare(
      'INSERT INTO projects (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
    ),
    renameProject: database.prepare('UPDATE projects SET name = ? WHERE id = ?'),
    selectProject: database.prepare('SELECT * FROM projects WHERE id = ?'),
    putPosition: database.prepare(
      `INSERT INTO journal_positions (segment, byte_offset, stored, deduplicated, rejected, updated_at)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (segment) DO UPDATE
       SET byte_offset = excluded.byte_offset, stored = stored + excluded.stored,
         deduplicated = deduplicated + excluded.deduplicated, rejected = rejected + excluded.rejected,
         updated_at = excluded.updated_at
       WHERE byte_offset < excluded.byte_offset`,
    ),
    deletePosition: database.prepare('DELETE FROM journal_positions WHERE segment = ?'),
  }
}

function questionMarks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ')
}
