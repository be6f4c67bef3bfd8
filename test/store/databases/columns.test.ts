import { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES, STORED_COLUMN_NAMES } from '@spanledger/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../core/build-call.ts'
import { DATABASES, type TestDatabase } from '../stores.ts'

// The layout of a database that is older than the column: a column that is added stands last.
const ADD_CALL_TYPE = 'ALTER TABLE calls DROP COLUMN call_type; ALTER TABLE calls ADD COLUMN call_type TEXT'

describe.each(DATABASES)('the columns of $name', ({ create }) => {
  let database: TestDatabase

  beforeEach(async () => {
    database = await create()
    await (await database.open()).close()
  })

  afterEach(() => database.remove())

  // In any order, for the same reason.
  test('calls has those of a call and those of the log, and no others', async () => {
    expect(await columnsOf('calls')).toEqual(STORED_COLUMN_NAMES.toSorted())
  })

  test('call_contents has those of a content and the keys of its call, and no others', async () => {
    const keys = ['trace_id', 'span_id', 'created_at', 'ingest_seq']
    expect(await columnsOf('call_contents')).toEqual([...CONTENT_COLUMN_NAMES, ...keys].toSorted())
  })

  test('one that a migration added is read and written as any other', async () => {
    await database.change(ADD_CALL_TYPE)
    const store = await database.open()
    const call = buildCall({ name: 'chat', call_type: 'CHAT', http_status: 200 })
    const told = {
      ...buildCall({ span_id: '00f067aa0ba902b7', tool_name: 'clock' }),
      content: buildContent({ answer: 'Noon' }),
    }

    expect(await store.write([call, told])).toMatchObject({ stored: 2 })
    expect(await store.write([{ ...told, call_type: 'EXECUTE_TOOL' }])).toMatchObject({ deduplicated: 1 })

    const { calls } = await store.calls({}, { content: true })
    expect(calls.toSorted((a, b) => a.ingest_seq - b.ingest_seq)).toMatchObject([
      call,
      { ...told, call_type: 'EXECUTE_TOOL' },
    ])
    expect(Object.keys(calls[0]!)).toEqual([...CALL_COLUMN_NAMES, 'content', 'created_at', 'ingest_seq'])
  })

  test('one that a migration adds is NULL in the calls that are there', async () => {
    const store = await database.open()
    const call = buildCall({ name: 'chat', call_type: 'CHAT', http_status: 200 })
    await store.write([call])
    await store.close()

    await database.change(ADD_CALL_TYPE)
    const reopened = await database.open()
    expect((await reopened.calls({})).calls).toMatchObject([{ ...call, call_type: null }])
    await reopened.write([call])
    expect((await reopened.calls({})).calls).toMatchObject([call])
  })

  async function columnsOf(table: string): Promise<string[]> {
    const rows = await database.rows(`SELECT ${table}.* FROM (SELECT 1) AS one LEFT JOIN ${table} ON false`)
    return Object.keys(rows[0] ?? {}).toSorted()
  }
})
