import { postCalls } from '@spanledger/otel'
import { expect, test } from 'vitest'

test('an address that cannot be used is told without what it says of its user', async () => {
  const outcome = await postCalls({ url: 'http://ada:se@cret@127.0.0.1:9' }, ['{}'])
  expect(outcome.kind).toBe('failed')
  expect(JSON.stringify(outcome)).toContain('http://127.0.0.1:9 cannot be reached')
  expect(JSON.stringify(outcome)).not.toContain('cret')
})
