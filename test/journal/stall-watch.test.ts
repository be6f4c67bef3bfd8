import { createDrainSignals, createStallWatch } from '@spanledger/journal'
import { expect, test } from 'vitest'

// Checks come a second apart; here they come at once, which the watch does not mind.

test('a thread that sends beats is never stalled', () => {
  const signals = createDrainSignals()
  const watch = createStallWatch(signals)
  watch.ready()
  for (let look = 0; look < 100; look += 1) {
    if (look % 3 === 0) signals.beat()
    expect(watch.look()).toBeUndefined()
  }
})

test('a thread that sends no beats for four checks is stalled, from the fourth on', () => {
  const watch = createStallWatch(createDrainSignals())
  watch.ready()
  expect([1, 2, 3, 4, 5].map(() => watch.look())).toEqual([undefined, undefined, undefined, 4, 5])
})

test('a thread that is starting has a minute', () => {
  const watch = createStallWatch(createDrainSignals())
  for (let look = 1; look < 60; look += 1) expect(watch.look()).toBeUndefined()
  expect(watch.look()).toBe(60)
})

test('the seconds that a thread needs to start do not count against it once it is ready', () => {
  const watch = createStallWatch(createDrainSignals())
  for (let look = 0; look < 20; look += 1) watch.look()
  watch.ready()
  expect([1, 2, 3, 4].map(() => watch.look())).toEqual([undefined, undefined, undefined, 4])
})

test('the next thread has its own time to start, whatever the last one did', () => {
  const watch = createStallWatch(createDrainSignals())
  watch.ready()
  for (let look = 0; look < 4; look += 1) watch.look()
  watch.starting()
  for (let look = 1; look < 60; look += 1) expect(watch.look()).toBeUndefined()
})
