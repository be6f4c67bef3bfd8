import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES } from './tables.ts'

/** The statements of the write path: prepared once, run once a row. */
export interface SqliteStatements {
  /** Takes `created_at` and the call's values. Changes nothing if the call is there. */
  readonly insertCall: StatementSync
  /** Takes the call's values and `ingest_seq`. */
  readonly updateCall: StatementSync
  /** Takes `created_at`, `ingest_seq`, `trace_id`, `span_id` and the content's values. */
  readonly putContent: StatementSync
  /** Takes `trace_id` and `span_id`; gives a `JoinedRow`. */
  readonly selectCall: StatementSync
  /** Takes `ingest_seq`; gives a `CallRow`. */
  readonly selectBySeq: StatementSync
  /** Takes `trace_id`; gives `CallRow`s. */
  readonly selectTrace: StatementSync
  /** Takes `id`, `name` and `created_at`. Changes nothing if the project is there. */
  readonly insertProject: StatementSync
  /** Takes `name` and `id`. */
  readonly renameProject: StatementSync
  /** Takes `id`; gives a `ProjectRow`. */
  readonly selectProject: StatementSync
}

/** Prepares them; the schema must be there. The many values come last, where spreading them copies nothing. */
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
    selectCall: database.prepare(
      `SELECT calls.*, ${contentNames}, call_contents.ingest_seq AS content_seq
       FROM calls LEFT JOIN call_contents ON call_contents.ingest_seq = calls.ingest_seq
       WHERE calls.trace_id = ? AND calls.span_id = ?`,
    ),
    selectBySeq: database.prepare('SELECT * FROM calls WHERE ingest_seq = ?'),
    selectTrace: database.prepare('SELECT * FROM calls WHERE trace_id = ? ORDER BY ingest_seq'),
    insertProject: database.prepare(
      'INSERT INTO projects (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
    ),
    renameProject: database.prepare('UPDATE projects SET name = ? WHERE id = ?'),
    selectProject: database.prepare('SELECT * FROM projects WHERE id = ?'),
  }
}

function questionMarks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ')
}
