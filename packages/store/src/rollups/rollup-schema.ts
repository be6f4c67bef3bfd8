import {
  ANSWER_ROLLUPS,
  FIRST_ROLLUPS,
  HOUR_MS,
  HOUR_ROLLUPS,
  keyColumnsOf,
  type Rollup,
  rollupColumn,
  sumColumnsOf,
} from './rollups.ts'
import type { SchemaWords } from '../sql/schema-words.ts'

/** The statements that create the tables of rollups and of their state. */
export function rollupTables(d: SchemaWords): string {
  return d.histogramFunction + FIRST_ROLLUPS.map((rollup) => rollupTable(rollup, d)).join('') + rollupState(d)
}

/** The statements that create the hourly rollups and fill them from the 15-minute ones. */
export function hourTables(d: SchemaWords): string {
  // The 15-minute rollups must not change while they are read.
  return d.lockCalls + HOUR_ROLLUPS.map((rollup) => rollupTable(rollup, d) + filledFromQuarters(rollup)).join('')
}

/**
 * The statements that create the rollups by answer. They are filled from those by model, which do not know what was
 * requested, so that nothing of deleted calls is lost; the rest is built again from the calls (`rebuildRollups`).
 */
export function answerTables(d: SchemaWords): string {
  const tables = ANSWER_ROLLUPS.map((rollup) => rollupTable(rollup, d) + filledFromModels(rollup))
  return `${d.lockCalls}${tables.join('')}
UPDATE rollup_state SET rollups_from = NULL WHERE EXISTS (SELECT 1 FROM calls);
`
}

function filledFromModels(rollup: Rollup): string {
  const { sums, histograms } = sumColumnsOf(rollup)
  const kept = ['bucket_start', 'model_key', 'provider_key', 'shard', ...sums, ...histograms]
  return `
INSERT INTO ${rollup.table} (${[...kept, 'requested_model_key', 'status_key'].join(', ')})
SELECT ${kept.join(', ')}, '', '' FROM ${rollup.table.replace('by_answer', 'by_model')};
`
}

function filledFromQuarters(rollup: Rollup): string {
  const [, ...keys] = keyColumnsOf(rollup)
  const { sums } = sumColumnsOf(rollup)
  return `
INSERT INTO ${rollup.table} (${[...keyColumnsOf(rollup), ...sums].join(', ')})
SELECT ${[`bucket_start - bucket_start % ${HOUR_MS}`, ...keys, ...sums.map((name) => `sum(${name})`)].join(', ')}
FROM ${rollup.table.replace('hours', 'quarters')} GROUP BY ${['1', ...keys].join(', ')};
`
}

// Replaces the dimensions in the primary key, in a database with a `textHash`.
const KEYS_HASH = 'keys_hash'

/** The columns of the primary key, on which concurrent writers of a row conflict. */
export function primaryKeyOf(rollup: Rollup, { textHash }: Pick<SchemaWords, 'textHash'>): string[] {
  if (textHash === undefined || rollup.dimensions.length === 0) return keyColumnsOf(rollup)
  return ['bucket_start', KEYS_HASH, 'shard']
}

// Sums are floats, so that hostile counts do not overflow; they are exact up to 2^53.
function rollupTable(rollup: Rollup, d: SchemaWords): string {
  const { sums, histograms } = sumColumnsOf(rollup)
  const dimensions = rollup.dimensions.map(rollupColumn)
  const hash = dimensions.length === 0 ? undefined : d.textHash?.(dimensions)
  const columns = [
    `bucket_start ${d.integer} NOT NULL`,
    ...dimensions.map((column) => `${column} ${d.text} NOT NULL`),
    `shard ${d.integer} NOT NULL`,
    ...sums.map((name) => `${name} ${d.real} NOT NULL`),
    ...histograms.map((name) => `${name} ${d.text} NOT NULL`),
    ...(hash === undefined ? [] : [`${KEYS_HASH} ${hash}`]),
    `PRIMARY KEY (${primaryKeyOf(rollup, d).join(', ')})`,
  ]
  return `\nCREATE TABLE ${rollup.table} (\n  ${columns.join(',\n  ')}\n${d.keyedTableEnd}\n`
}

function rollupState(d: SchemaWords): string {
  return `
CREATE TABLE rollup_state (
  id ${d.integer} PRIMARY KEY,
  rollups_from ${d.integer},
  calls_from ${d.integer} NOT NULL
${d.tableEnd}
INSERT INTO rollup_state (id, rollups_from, calls_from)
SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM calls) THEN NULL ELSE 0 END, 0;
`
}
