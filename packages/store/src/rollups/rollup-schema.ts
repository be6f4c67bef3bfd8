import {
  FIRST_ROLLUPS,
  HOUR_MS,
  HOUR_ROLLUPS,
  keyColumnsOf,
  type Rollup,
  rollupColumn,
  sumColumnsOf,
} from './rollups.ts'
import type { SchemaDialect } from '../sql/schema-dialect.ts'

/** The statements that make the tables of rollups, and what says from when on they can be used. */
export function rollupTables(d: SchemaDialect): string {
  return histogramFunction(d) + FIRST_ROLLUPS.map((rollup) => rollupTable(rollup, d)).join('') + rollupState(d)
}

/** The statements that make the tables of hours, and fill them from the quarters that are there. */
export function hourTables(d: SchemaDialect): string {
  // Nobody counts calls in quarters while these are read.
  const lock = d.name === 'postgres' ? 'LOCK TABLE calls IN SHARE ROW EXCLUSIVE MODE;' : ''
  return lock + HOUR_ROLLUPS.map((rollup) => rollupTable(rollup, d) + filledFromQuarters(rollup)).join('')
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

/** The columns that name a row of a rollup, where two writers meet. */
export function conflictColumnsOf(rollup: Rollup, dialect: SchemaDialect['name']): string[] {
  if (dialect === 'sqlite' || rollup.dimensions.length === 0) return keyColumnsOf(rollup)
  return ['bucket_start', 'keys_hash', 'shard']
}

// Sums are real so that hostile counts do not overflow; they are exact up to 2^53.
function rollupTable(rollup: Rollup, d: SchemaDialect): string {
  const { sums, histograms } = sumColumnsOf(rollup)
  const key = `PRIMARY KEY (${conflictColumnsOf(rollup, d.name).join(', ')})`
  const columns = [
    `bucket_start ${d.integer} NOT NULL`,
    ...rollup.dimensions.map((dimension) => `${rollupColumn(dimension)} ${d.text} NOT NULL`),
    `shard ${d.integer} NOT NULL`,
    ...sums.map((name) => `${name} ${d.real} NOT NULL`),
    ...histograms.map((name) => `${name} ${d.text} NOT NULL`),
    ...keysHash(rollup, d),
    key,
  ]
  const end = d.name === 'sqlite' ? ') STRICT, WITHOUT ROWID;' : ');'
  return `\nCREATE TABLE ${rollup.table} (\n  ${columns.join(',\n  ')}\n${end}\n`
}

// An index of Postgres takes no long text, and anybody may send one.
function keysHash(rollup: Rollup, d: SchemaDialect): string[] {
  if (d.name === 'sqlite' || rollup.dimensions.length === 0) return []
  const hashes = rollup.dimensions.map((dimension) => `md5(${rollupColumn(dimension)})`)
  return [`keys_hash ${d.text} GENERATED ALWAYS AS (md5(${hashes.join(' || ')})) STORED`]
}

function rollupState(d: SchemaDialect): string {
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

// SQLite is given this function by whoever opens it.
function histogramFunction(d: SchemaDialect): string {
  if (d.name === 'sqlite') return ''
  return `
CREATE FUNCTION add_histograms(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(bin || ':' || bin_count, ' ' ORDER BY bin), '')
  FROM (
    SELECT split_part(pair, ':', 1)::integer AS bin, sum(split_part(pair, ':', 2)::bigint) AS bin_count
    FROM unnest(string_to_array(a, ' ') || string_to_array(b, ' ')) AS pair
    WHERE pair <> ''
    GROUP BY 1
    HAVING sum(split_part(pair, ':', 2)::bigint) <> 0
  ) AS bins
$$;
`
}
