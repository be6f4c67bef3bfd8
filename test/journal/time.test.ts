import { createBackoff, createSleep, within } from '@spanledger/journal/time'
import { describe, expect, test } from 'vitest'

describe('a back-off', () => {
  test('doubles up to a limit, and starts over after a success', () => {
    const backoff = createBackoff({ firstMs: 100, mostMs: 500, random: () => 1 })
    expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([100, 200, 400, 500, 500])
    backoff.reset()
    expect(backoff.nextMs()).toBe(100)
  })

  test('waits for a random part', () => {
    const backoff = createBackoff({ firstMs: 100, random: () => 0.25 })
    expect([1, 2].map(() => backoff.nextMs())).toEqual([25, 50])
  })
})

describe('a pause', () => {
  test('lasts as long as requested', async () => {
    const startedMs = performance.now()
    expect(await createSleep(false).forMs(50)).toBe(false)
    expect(performance.now() - startedMs).toBeGreaterThan(48)
  })

  test('can be cut short', async () => {
    const sleep = createSleep(false)
    const pause = sleep.forMs(60_000)
    sleep.wake()
    expect(await pause).toBe(true)
  })

  test('ends at once when it was cut short before', async () => {
    const sleep = createSleep(false)
    sleep.wake()
    expect(await sleep.forMs(60_000)).toBe(true)
    expect(await sleep.forMs(1)).toBe(false)
  })
})

describe('work within a time', () => {
  const late = { ms: 10, onLate: () => 'late' }
  const never = new Promise<string>(() => {})

  test('resolves with its result', async () => {
    expect(await within(Promise.resolve('done'), { ...late, ms: 60_000 })).toBe('done')
  })

  test('rejects with its error', async () => {
    await expect(within(Promise.reject(new Error('broken')), { ...late, ms: 60_000 })).rejects.toThrow('broken')
  })

  test('that is late resolves with something else', async () => {
    expect(await within(never, late)).toBe('late')
  })

  test('that is late rejects when that throws', async () => {
    const onLate = () => {
      throw new Error('no answer within 10 ms')
    }
    await expect(within(never, { ms: 10, onLate })).rejects.toThrow('no answer within 10 ms')
  })
})
