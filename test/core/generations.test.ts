import { createGenerations } from '@spanledger/core'
import { expect, test } from 'vitest'

test('the newest entries stay, and those of two generations ago are forgotten', () => {
  const memory = createGenerations(2, () => new Set<number>())
  for (const entry of [1, 2, 3, 4, 5]) {
    memory.makeRoom()
    memory.young.add(entry)
  }
  expect({ old: [...memory.old], young: [...memory.young] }).toEqual({ old: [3, 4], young: [5] })
})
