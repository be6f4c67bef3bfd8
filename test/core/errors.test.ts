import { runInNewContext } from 'node:vm'
import { errorCodeOf, errorMessageOf, isError, toError } from '@spanledger/core'
import { expect, test } from 'vitest'

/** As an error of `node:fs` looks to code that a test runner loads into a realm of its own. */
function foreignError(): unknown {
  return runInNewContext(`Object.assign(new RangeError('gone'), { code: 'ENOENT' })`) as unknown
}

test('an error of another realm is an error, with its message and code', () => {
  const error = foreignError()
  expect(error instanceof Error).toBe(false)
  expect(isError(error)).toBe(true)
  expect(toError(error)).toBe(error)
  expect(errorMessageOf(error)).toBe('gone')
  expect(errorCodeOf(error)).toBe('ENOENT')
})

test('an error of a class and a DOMException are errors', () => {
  class Refused extends TypeError {}
  expect(isError(new Refused('no'))).toBe(true)
  expect(isError(new DOMException('stopped', 'AbortError'))).toBe(true)
})

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  ['ENOENT', 'ENOENT'],
  [404, '404'],
  [{ message: 'gone', code: 'ENOENT' }, '[object Object]'],
  [[], ''],
])('%j is no error: it has no code, and its text is the message', (thrown, text) => {
  expect(isError(thrown)).toBe(false)
  expect(errorCodeOf(thrown)).toBeUndefined()
  expect(errorMessageOf(thrown)).toBe(text)
  expect(toError(thrown).message).toBe(text)
})

test('a code that is a number is not a word', () => {
  expect(errorCodeOf(Object.assign(new Error('no'), { code: 20 }))).toBeUndefined()
})
