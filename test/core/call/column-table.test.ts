import { CALL_COLUMN_NAMES, CALL_COLUMNS, emptyCall, mergeCall, parseCall, toCall, toCallLine } from '@spanledger/core'
import { expect, test } from 'vitest'
import { span } from '../../builders.ts'
import { buildCall, buildContent } from '../build-call.ts'

const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }

test('the call of a span has every column of the table and no other', () => {
  const call = toCall(span({ 'spanledger.kind': 'model' }))
  expect(Object.keys(call ?? {})).toEqual([...CALL_COLUMN_NAMES, 'content'])
})

test('a call line has every column of the table and no other', () => {
  const call = { ...buildCall({ content: buildContent() }), created_at: 1, ingest_seq: 2 }
  expect(Object.keys(JSON.parse(toCallLine(call)))).toEqual([
    'id',
    ...CALL_COLUMN_NAMES,
    'created_at',
    'ingest_seq',
    'content',
  ])
})

test('an empty call fits the table and has every column', () => {
  const call = emptyCall(IDS, 5)
  expect(Object.keys(call).toSorted()).toEqual([...CALL_COLUMN_NAMES, 'content'].toSorted())
  expect(parseCall(call)).toEqual(call)
})

test.each(CALL_COLUMN_NAMES)('%s of a call that is merged with itself stays', (name) => {
  const call = buildCall({ [name]: CALL_COLUMNS[name].isNullable ? sampleOf(name) : buildCall()[name] })
  expect(mergeCall(call, structuredClone(call))).toEqual(call)
})

// A value that the column takes.
function sampleOf(name: keyof typeof CALL_COLUMNS): unknown {
  const { parse, words } = CALL_COLUMNS[name]
  return [words?.[0], 'b7ad6b7169203331', 1, ['a'], { a: 1 }].find(
    (value) => value !== undefined && parse(value) !== undefined,
  )
}
