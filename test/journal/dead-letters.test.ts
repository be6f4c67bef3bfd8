import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDrainSignals, createJournal, drainLeftovers, takeDeadLetters } from '@spanledger/journal'
import { beforeEach, describe, expect, test } from 'vitest'
import { createTestTarget, idOf, newFolder, newLine, type TestTarget } from './journals.ts'

const DIES = fileURLToPath(new URL('./apps/dies.ts', import.meta.url))
const FLAGS = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
const LETTERS = 'dead-letters.jsonl'
const TTL_MS = 1_000

let folder: string
let target: TestTarget
let good: readonly string[]
let bad: readonly string[]

beforeEach(async () => {
  const parent = newFolder()
  folder = join(parent, 'usage.db.spanledger')
  target = await createTestTarget(parent)
  good = Array.from({ length: 1_500 }, () => newLine())
  bad = Array.from({ length: 15 }, () => newLine({ kind: 'step' }))
  leaveJournal(good.flatMap((line, index) => (index % 100 === 0 ? [line, bad[index / 100] ?? ''] : [line])))
})

/** A journal whose process has ended and left everything behind. */
function leaveJournal(lines: readonly string[]): void {
  const journal = createJournal({ folder, signals: createDrainSignals(), onWriter: () => {} })
  for (const line of lines) expect(journal.append('call', line)).toBeUndefined()
  journal.close()
  journal.release()
}

/** Runs a drain that dies; it must have. */
async function dieDraining(moment: 'after' | 'before', batches: number): Promise<void> {
  const child = spawn(process.execPath, [...FLAGS, DIES, folder, moment, String(batches)], { stdio: 'inherit' })
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
}

async function expectEverythingKept(): Promise<void> {
  expect(await drainLeftovers({ folder, target, leaseTtlMs: TTL_MS })).toMatchObject({ problem: undefined })
  expect((await target.ids()).toSorted()).toEqual(good.map(idOf).toSorted())
  const { letters, done } = takeDeadLetters(folder)
  expect(letters.map(({ line }) => idOf(line)).toSorted()).toEqual(bad.map(idOf).toSorted())
  done()
  expect(readdirSync(folder)).toEqual([])
}

describe('a refused call has one letter, even if the drain died', () => {
  test('when its batch was stored and its letter was not written', async () => {
    await dieDraining('after', 1)
    await expectEverythingKept()
  })

  test('when its letter was written', async () => {
    await dieDraining('before', 1)
    await expectEverythingKept()
  })

  test('again and again, in any order', { timeout: 120_000 }, async () => {
    await dieDraining('after', 1)
    await dieDraining('after', 1)
    await dieDraining('before', 2)
    await dieDraining('after', 1)
    await expectEverythingKept()
  })

  test('far behind in a segment', async () => {
    await drainLeftovers({ folder, target })
    const large = Array.from({ length: 300 }, () => newLine({ error_message: 'x'.repeat(10_000) }))
    const late = newLine({ kind: 'step' })
    leaveJournal([...large, late])
    good = [...good, ...large]
    bad = [...bad, late]
    // Four batches of a megabyte.
    await dieDraining('after', 4)
    await expectEverythingKept()
  })

  test('while it wrote a letter', async () => {
    await dieDraining('before', 0)
    appendFileSync(join(folder, LETTERS), '{"at":"2026-01-01T00:00:00.000Z","reason":"inva')
    await expectEverythingKept()
  })
})

test('a call that is refused twice has one letter', async () => {
  leaveJournal(bad)
  await expectEverythingKept()
})

test('requeued letters are written again when their calls are refused again', async () => {
  await drainLeftovers({ folder, target })
  const { letters, done } = takeDeadLetters(folder)
  leaveJournal(letters.map(({ line }) => line))
  done()
  await expectEverythingKept()
})

test('letters of any length are recognized', async () => {
  const held = [...bad.slice(0, 7), newLine({ kind: 'step', error_message: 'x'.repeat(3_000_000) }), ...bad.slice(7)]
  const letters = held.map((line) => ({ at: '2026-01-01T00:00:00.000Z', reason: 'invalid_call', message: '', line }))
  writeFileSync(join(folder, LETTERS), letters.map((letter) => `${JSON.stringify(letter)}\n`).join(''))
  bad = held
  await expectEverythingKept()
})

const FULL_DISK = '/dev/full'

test.skipIf(!existsSync(FULL_DISK))('a full disk holds up no call; the file of a refused one stays', async () => {
  symlinkSync(FULL_DISK, join(folder, LETTERS))
  const { stored, quarantined, problem } = await drainLeftovers({ folder, target, patienceMs: 2_000 })
  expect({ stored, problem }).toEqual({ stored: good.length, problem: undefined })
  expect((await target.ids()).toSorted()).toEqual(good.map(idOf).toSorted())

  // What was put aside still has the refused calls.
  expect(quarantined).not.toEqual([])
  const kept = Buffer.concat(quarantined.map((file) => readFileSync(file))).toString('latin1')
  for (const line of bad) expect(kept).toContain(idOf(line))
})
