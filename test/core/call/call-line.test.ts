import { CALL_COLUMNS, parseCallLine, parseUncheckedCallLine, toCallLine } from '@spanledger/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ANY, anyCall } from '../any-call.ts'
import { buildCall, buildContent } from '../build-call.ts'

const MINIMUM = {
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  span_id: 'b7ad6b7169203331',
  kind: 'model',
  billable: 1,
  started_at: 1_760_000_000_000,
  status: 'ok',
}

function parse(columns: object): unknown {
  return parseCallLine(JSON.stringify({ ...MINIMUM, ...columns }))
}

test('a call comes back from its line as it was', () => {
  fc.assert(
    fc.property(anyCall(ANY), (call) => {
      const line = toCallLine(call)
      expect(line).not.toContain('\n')
      expect(parseCallLine(line)).toEqual(call)
      expect(toCallLine(parseCallLine(line))).toBe(line)
    }),
    { numRuns: 500 },
  )
})

test('a line starts with the id and has every column, NULLs included, in the order of the table', () => {
  const line = JSON.parse(toCallLine(buildCall()))
  expect(Object.keys(line)).toEqual(['id', ...Object.keys(CALL_COLUMNS)])
  expect(line.id).toBe('0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331')
  expect(line.cost_nano_usd).toBeNull()
})

test('the log columns of a store and the content follow where they are known', () => {
  const call = { ...buildCall({ content: buildContent({ question: 'Why?' }) }), created_at: 5, ingest_seq: 7 }
  const line = JSON.parse(toCallLine(call))
  expect(Object.keys(line).slice(-3)).toEqual(['created_at', 'ingest_seq', 'content'])
  expect(line.content.question).toBe('Why?')
})

test('an unchecked line is what it holds, with the run and the source of a call that names none', () => {
  const line = JSON.stringify({ ...MINIMUM, input_tokens: -1 })
  expect(parseUncheckedCallLine(line)).toEqual({
    ...MINIMUM,
    input_tokens: -1,
    run_id: MINIMUM.span_id,
    usage_source: 'none',
    content: null,
  })
  expect(() => parseUncheckedCallLine('[1]')).toThrow('call line: not an object')
  expect(() => parseUncheckedCallLine('{')).toThrow('call line: not JSON')
})

test('missing columns are NULL, the run of a call without one is the call itself', () => {
  expect(parse({})).toEqual(buildCall({ status: 'ok', started_at: 1_760_000_000_000 }))
})

test('ids come out in lower case, unknown keys and the columns of another log are ignored', () => {
  const line = {
    trace_id: '0AF7651916CD43DD8448EB211C80319C',
    span_id: 'B7AD6B7169203331',
    ingest_seq: 9,
    colour: 'red',
  }
  expect(parse(line)).toEqual(buildCall())
})

describe('what does not fit is refused with column and value', () => {
  test.each([
    [{ input_tokens: 'abc' }, 'call line: input_tokens is "abc"; expected a non-negative integer or null'],
    [{ input_tokens: -1 }, 'call line: input_tokens is -1; expected a non-negative integer or null'],
    [{ input_tokens: 1.5 }, 'call line: input_tokens is 1.5; expected a non-negative integer or null'],
    [
      { cost_nano_usd: 2 ** 53 },
      'call line: cost_nano_usd is 9007199254740992; expected a non-negative integer or null',
    ],
    [{ trace_id: 'xyz' }, 'call line: trace_id is "xyz"; expected 32 hex characters, not all zero'],
    [
      { span_id: '0000000000000000' },
      'call line: span_id is "0000000000000000"; expected 16 hex characters, not all zero',
    ],
    [{ parent_span_id: 5 }, 'call line: parent_span_id is 5; expected 16 hex characters, not all zero or null'],
    [
      { kind: 'step' },
      'call line: kind is "step"; expected one of run, model, embedding, rerank, tool, image, speech, transcription, retrieval, operation',
    ],
    [{ billable: true }, 'call line: billable is true; expected 0 or 1'],
    [{ billable: undefined }, 'call line: billable is missing; expected 0 or 1'],
    [{ started_at: null }, 'call line: started_at is null; expected epoch milliseconds'],
    [{ started_at: 8.64e15 + 1 }, 'call line: started_at is 8640000000000001; expected epoch milliseconds'],
    [{ duration_ms: -0.5 }, 'call line: duration_ms is -0.5; expected non-negative milliseconds or null'],
    [{ tags: ['a', 1] }, 'call line: tags is an array; expected an array of strings or null'],
    [{ metadata: [1] }, 'call line: metadata is an array; expected an object or null'],
    [{ model: {} }, 'call line: model is of type object; expected a string or null'],
    [{ user_id: undefined, operation: 5 }, 'call line: operation is 5; expected a string or null'],
    [{ content: 'hello' }, 'call line: content is "hello"; expected an object or null'],
    [{ content: { question: 5 } }, 'call line: content.question is 5; expected a string or null'],
    [
      { status: 'x'.repeat(100) },
      `call line: status is "${'x'.repeat(40)}…"; expected one of ok, error, aborted, abandoned, crashed, open`,
    ],
  ])('%o', (columns, message) => {
    expect(() => parse(columns)).toThrow(new Error(message))
  })

  test.each([
    ['{', 'call line: not JSON; expected one JSON object on the line'],
    ['', 'call line: not JSON; expected one JSON object on the line'],
    ['[]', 'call line: not an object; expected a JSON object with the columns of a call'],
    ['null', 'call line: not an object; expected a JSON object with the columns of a call'],
  ])('%s', (line, message) => {
    expect(() => parseCallLine(line)).toThrow(new Error(message))
  })

  test('any text is either a call or an error that says what was expected', () => {
    const columns = fc.dictionary(fc.constantFrom(...Object.keys(CALL_COLUMNS)), fc.jsonValue())
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      columns.map((value) => JSON.stringify({ ...MINIMUM, ...value })),
    )
    const property = fc.property(line, (text) => {
      expect(outcomeOf(text)).toMatch(/^(?:\{"id":|Error: call line: .*expected)/s)
    })
    fc.assert(property, { numRuns: 1000 })
  })
})

function outcomeOf(text: string): string {
  try {
    return toCallLine(parseCallLine(text))
  } catch (error) {
    return String(error)
  }
}
