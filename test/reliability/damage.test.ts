import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toCallLine } from '@spanledger/core'
import { createDrainSignals, createJournal, drainLeftovers, type JournalTarget } from '@spanledger/journal'
import { expect, test } from 'vitest'
import { versionOf } from './apps/versions.ts'
import { LIMIT, sayFigure, sized } from './form.ts'
import { newFolder } from './start-app.ts'

const IMAGES = sized(300, 5_000)
const FLIPS = sized(300, 5_000)
const CALLS = 30
const SYNCED = 12
const BLOCK = 512

const LINES = Array.from({ length: CALLS }, (_, index) => toCallLine(versionOf(index, true)))

/** A journal that a dead process has left, and the bytes of its segment. */
function leaveJournal(): { readonly folder: string; readonly path: string; readonly ends: readonly number[] } {
  const folder = join(newFolder(), 'journal')
  const journal = createJournal({ folder, signals: createDrainSignals(), onWriter: () => {} })
  const ends = LINES.map((line) => {
    expect(journal.append('call', line)).toBeUndefined()
    return journal.mark()?.offset ?? 0
  })
  journal.close()
  journal.release()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const name = files.find((file) => file.endsWith('.journal')) ?? ''
  return { folder, path: join(folder, name), ends }
}

/** Drains what is left of it, and gives the lines that arrived. */
async function drained(
  folder: string,
): Promise<{ readonly lines: readonly string[]; readonly quarantined: readonly string[] }> {
  const lines: string[] = []
  const target: JournalTarget = {
    async deliver(batch) {
      lines.push(...batch.lines)
      return { stored: batch.lines.length, deduplicated: 0, rejected: [] }
    },
    position: async () => undefined,
    forget: async () => {},
    close: async () => {},
  }
  const { problem, quarantined } = await drainLeftovers({ folder, target })
  expect(problem).toBeUndefined()
  return { lines, quarantined }
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit)
}

test('R18 whatever a power cut leaves of a journal, what was synced arrives and nothing else does', LIMIT, async () => {
  let arrived = 0
  for (let image = 0; image < IMAGES; image += 1) {
    const { folder, path, ends } = leaveJournal()
    const bytes = readFileSync(path)
    const synced = ends[SYNCED - 1] ?? 0
    const left = Buffer.from(bytes.subarray(0, synced + below(bytes.length - synced + 1)))
    for (let lost = below(4); lost > 0; lost -= 1) {
      const from = Math.max(synced, below(Math.ceil(bytes.length / BLOCK)) * BLOCK)
      left.fill(0, Math.min(from, left.length), Math.min(from + BLOCK, left.length))
    }
    writeFileSync(path, Buffer.concat([left, Buffer.alloc(below(2_000))]))
    const { lines } = await drained(folder)
    expect(lines.slice(0, SYNCED)).toEqual(LINES.slice(0, SYNCED))
    expect(lines.filter((line) => !LINES.includes(line))).toEqual([])
    expect(new Set(lines).size).toBe(lines.length)
    arrived += lines.length
  }
  sayFigure('R18 crash images', {
    '': `${IMAGES} images of a journal folder (20,000 of a segment in test/journal/frames.test.ts)`,
    'synced lost': 0,
    'phantom rows': 0,
    'calls that arrived': arrived,
  })
})

test(
  'R19 a flipped byte costs no more than the call that it is in, and the file is kept and reported',
  LIMIT,
  async () => {
    let lost = 0
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const { folder, path, ends } = leaveJournal()
      const bytes = readFileSync(path)
      const at = below(ends.at(-2) ?? 0)
      const value = 1 + below(255)
      bytes.writeUInt8((bytes[at] ?? 0) ^ value, at)
      writeFileSync(path, bytes)
      const hit = ends.findIndex((end) => at < end)
      const { lines, quarantined } = await drained(folder)
      expect(lines).toEqual(LINES.filter((_, index) => index !== hit))
      expect(quarantined).toHaveLength(1)
      expect(readFileSync(quarantined[0] ?? '').equals(bytes)).toBe(true)
      lost += CALLS - lines.length
    }
    sayFigure('R19 corruption', {
      '': `${FLIPS} flipped bytes`,
      'calls lost': lost,
      'of those undamaged': 0,
      'files not kept': 0,
    })
  },
)
