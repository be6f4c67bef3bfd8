import { join } from 'node:path'
import { spend } from 'spanledger'
import { describe, expect, test } from 'vitest'
import { call } from '../builders.ts'
import { emptyFolder, folderWithCalls } from './run-cli.ts'

const HOUR = 3_600_000

const id = (number: number) => {
  const spanId = number.toString(16).padStart(16, '0')
  return { span_id: spanId, run_id: spanId }
}

describe('spend', () => {
  test('adds up what a user has spent since a time', async () => {
    const now = Date.now()
    const database = join(
      await folderWithCalls([
        call({ ...id(1), user_id: 'ada', cost_nano_usd: 500_000_000, started_at: now - HOUR }),
        call({ ...id(2), user_id: 'ada', cost_nano_usd: 250_000_000, started_at: now - 30 * HOUR }),
        call({ ...id(3), user_id: 'ada', cost_nano_usd: null, cost_source: null, started_at: now - HOUR }),
        call({ ...id(4), user_id: 'bob', cost_nano_usd: 900_000_000, started_at: now - HOUR, tags: ['beta'] }),
      ]),
      'usage.db',
    )
    expect(await spend({ userId: 'ada', since: '24h', database })).toEqual({
      costUsd: 0.5,
      costNanoUsd: 500_000_000,
      calls: 2,
      totalTokens: 280,
      unknownCostCalls: 1,
    })
    expect((await spend({ userId: 'ada', database })).costUsd).toBe(0.75)
    expect((await spend({ since: new Date(now - 2 * HOUR), database })).costUsd).toBe(1.4)
    expect((await spend({ since: now - 2 * HOUR, tag: 'beta', database })).costUsd).toBe(0.9)
    expect((await spend({ userId: 'carol', database })).costUsd).toBe(0)
  })

  test('is nothing where no call was ever stored', async () => {
    expect(await spend({ database: join(emptyFolder(), 'none.db') })).toMatchObject({ costUsd: 0, calls: 0 })
  })

  // It would say what all users have spent, and let this one go on or not by that.
  test.each([undefined, null, '', 5])('rejects the user %j', async (userId) => {
    const database = join(await folderWithCalls([call()]), 'usage.db')
    await expect(spend({ userId: userId as string, database })).rejects.toThrow('give an id, or leave it out')
  })

  test('rejects a time that is none', async () => {
    const database = join(await folderWithCalls([call()]), 'usage.db')
    await expect(spend({ since: 'yesterday', database })).rejects.toThrow('since "yesterday" is no time')
    await expect(spend({ since: Number.NaN, database })).rejects.toThrow('since is no time')
  })
})
