import type { Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall } from '../../core/build-call.ts'
import { STORES, type TestDatabase } from '../stores.ts'

const SEGMENT = '1-abc/000001.log'
const BAD = buildCall({ input_tokens: -1 })

describe.each(STORES)('the position of a journal in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open()
  })
  afterEach(() => database.remove())

  const call = (id: number) => buildCall({ span_id: id.toString(16).padStart(16, '0') })

  test('of a segment that is not stored is undefined', async () => {
    expect(await store.journalPosition(SEGMENT)).toBeUndefined()
  })

  test('is stored with the results of the calls, which add up', async () => {
    await store.write([call(1), call(1), BAD], { position: { segment: SEGMENT, offset: 100 } })
    expect(await store.journalPosition(SEGMENT)).toEqual({ offset: 100, stored: 1, deduplicated: 1, rejected: 1 })
    await store.write([call(1), call(2), call(3)], { position: { segment: SEGMENT, offset: 250 } })
    expect(await store.journalPosition(SEGMENT)).toEqual({ offset: 250, stored: 3, deduplicated: 2, rejected: 1 })
  })

  test('is stored without calls too, with the counts of unreadable ones', async () => {
    const counts = { stored: 0, deduplicated: 1, rejected: 2 }
    await store.write([], { position: { segment: SEGMENT, offset: 100, counts } })
    expect(await store.journalPosition(SEGMENT)).toEqual({ offset: 100, ...counts })
    await store.write([call(1)], { position: { segment: SEGMENT, offset: 200, counts } })
    expect(await store.journalPosition(SEGMENT)).toEqual({ offset: 200, stored: 1, deduplicated: 2, rejected: 4 })
  })

  test('is separate for each segment', async () => {
    await store.write([call(1)], { position: { segment: 'a', offset: 1 } })
    await store.write([call(2), call(3)], { position: { segment: 'b', offset: 2 } })
    expect(await store.journalPosition('a')).toEqual({ offset: 1, stored: 1, deduplicated: 0, rejected: 0 })
    expect(await store.journalPosition('b')).toEqual({ offset: 2, stored: 2, deduplicated: 0, rejected: 0 })
  })

  test('does not go back, and counts nothing twice', async () => {
    await store.write([call(1)], { position: { segment: SEGMENT, offset: 100 } })
    await store.write([call(1)], { position: { segment: SEGMENT, offset: 100 } })
    await store.write([call(1)], { position: { segment: SEGMENT, offset: 50 } })
    expect(await store.journalPosition(SEGMENT)).toEqual({ offset: 100, stored: 1, deduplicated: 0, rejected: 0 })
  })

  test('does not change if the list is not stored', async () => {
    const settle = (): never => {
      throw new Error('no')
    }
    await expect(store.write([call(1)], { settle, position: { segment: SEGMENT, offset: 100 } })).rejects.toThrow('no')
    expect(await store.journalPosition(SEGMENT)).toBeUndefined()
  })

  test('that is invalid leaves the list unstored', async () => {
    for (const offset of [-1, 1.5, Number.NaN, 2 ** 53]) {
      const write = store.write([call(1)], { position: { segment: SEGMENT, offset } })
      await expect(write).rejects.toThrow(`A journal position cannot be ${offset}; pass a non-negative integer`)
    }
    expect(await store.summary({})).toMatchObject({ calls: 0 })
  })

  test('is seen by other stores, and gone once it is forgotten', async () => {
    await store.write([call(1)], { position: { segment: 'a', offset: 1 } })
    await store.write([call(2)], { position: { segment: 'b', offset: 2 } })
    const other = await database.open()
    await other.forgetJournal(['a', 'unknown'])
    expect(await store.journalPosition('a')).toBeUndefined()
    expect(await other.journalPosition('b')).toMatchObject({ offset: 2 })
    await store.forgetJournal([])
  })

  test('cannot be forgotten in a store that is open for reading', async () => {
    const reader = await database.open({ readOnly: true })
    await expect(reader.forgetJournal(['a'])).rejects.toThrow('is open for reading only')
  })
})
