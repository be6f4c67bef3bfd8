import type { PostgresAddress } from './pool.ts'

const DEFAULT_SCHEMA = 'spanledger'

/** The database and the schema of a URL such as `postgres://ada@localhost:5432/app?schema=spanledger`. */
export function parsePostgresUrl(url: string): PostgresAddress {
  // The message leaves the URL out, because it may contain a password.
  if (!URL.canParse(url)) {
    throw new Error('Cannot read the address of the database; use postgres://USER:PASSWORD@HOST:PORT/DATABASE')
  }
  const parsed = new URL(url)
  const schema = parsed.searchParams.get('schema') ?? DEFAULT_SCHEMA
  if (!/^[a-z_][\w$]{0,62}$/i.test(schema) || schema.startsWith('pg_')) {
    throw new Error(`Cannot use ${JSON.stringify(schema)} as a schema; use a name of letters, digits and _`)
  }
  parsed.searchParams.delete('schema')
  const database = decodeURIComponent(parsed.pathname.slice(1))
  const host = parsed.host === '' ? (parsed.searchParams.get('host') ?? 'localhost') : parsed.host
  return { connectionString: parsed.href, schema, name: `${host}/${database} (schema ${schema})` }
}
