import type { Call } from '@spanledger/core'
import { describe, expect, test } from 'vitest'
import { buildCall } from '../../core/build-call.ts'
import { STORES } from '../stores.ts'

const START = 1_760_000_000_000
const LIMIT: Partial<Call> = {
  status: 'error',
  error_type: 'APICallError',
  error_message: 'Rate limit',
  http_status: 429,
}

describe.each(STORES)('why calls failed, in $name', ({ create }) => {
  test('is told by error, the most frequent first, with the last call of each; tools and runs do not count', async () => {
    const database = await create()
    const store = await database.open()
    const rows: readonly Partial<Call>[] = [
      { ...LIMIT, user_id: 'ada' },
      { ...LIMIT, user_id: 'ada' },
      { ...LIMIT, http_status: 503, user_id: 'bob' },
      { status: 'ok' },
      { ...LIMIT, kind: 'run', billable: 0 },
      { ...LIMIT, kind: 'tool', billable: 0 },
    ]
    const calls = rows.map((row, index) =>
      buildCall({ ...row, span_id: (index + 1).toString(16).padStart(16, '0'), started_at: START + index }),
    )
    await store.write(calls)
    const idOf = (index: number): string => `${calls[index]!.trace_id}-${calls[index]!.span_id}`
    const limit = { message: 'Rate limit', errorType: 'APICallError' }
    expect(await store.failures({})).toEqual([
      { ...limit, httpStatus: 429, calls: 2, lastStartedAt: START + 1, callId: idOf(1) },
      { ...limit, httpStatus: 503, calls: 1, lastStartedAt: START + 2, callId: idOf(2) },
    ])
    expect((await store.failures({ user: 'bob' })).map(({ httpStatus }) => httpStatus)).toEqual([503])
    expect(await store.failures({ status: 'ok' })).toEqual([])
    await database.remove()
  })
})
