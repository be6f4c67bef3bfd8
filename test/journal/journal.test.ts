import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createDrainSignals, createJournal, type JournalOptions } from '@spanledger/journal'
import { readFrames } from '@spanledger/journal/frames'
import { describe, expect, test } from 'vitest'
import { atEnd, newFolder, newLine } from './journals.ts'

function openJournal(options: Partial<JournalOptions> = {}) {
  const folder = options.folder ?? join(newFolder(), 'journal')
  const writers: string[] = []
  const signals = createDrainSignals()
  const journal = createJournal({ folder, signals, onWriter: (writer) => writers.push(writer), ...options })
  atEnd(async () => journal.close())
  return { folder, journal, writers, signals }
}

/** Every line that a folder holds, of all writers. */
function linesIn(folder: string): readonly string[] {
  return segmentsIn(folder).flatMap((path) => {
    const name = `${path.split('/').at(-2)!.split('@')[0]}/${path.split('/').at(-1)!.slice(0, -'.journal'.length)}`
    return readFrames(readFileSync(path), 0, name, { isFinished: true }).frames.map(({ line }) => line)
  })
}

function segmentsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.journal'))
    .sort()
    .map((name) => join(folder, name))
}

test('a line is on disk, for this user only, when append returns', () => {
  const { folder, journal } = openJournal()
  const lines = [newLine(), newLine(), newLine()]
  expect(lines.map((line) => journal.append('call', line))).toEqual([undefined, undefined, undefined])
  expect(linesIn(folder)).toEqual(lines)
  for (const path of [folder, ...segmentsIn(folder), ...segmentsIn(folder).map((path) => dirname(path))]) {
    expect(statSync(path).mode & 0o077).toBe(0)
  }
})

test('nothing is written before the first line', () => {
  const { folder } = openJournal()
  expect(readdirSync(folder)).toEqual([])
})

test('a segment ends when it reaches its size', () => {
  const { folder, journal } = openJournal({ segmentBytes: 10_000 })
  const lines = Array.from({ length: 50 }, () => newLine())
  for (const line of lines) journal.append('call', line)
  expect(segmentsIn(folder).length).toBeGreaterThan(5)
  for (const path of segmentsIn(folder)) expect(statSync(path).size).toBeLessThan(10_000 + 4_000)
  expect(linesIn(folder)).toEqual(lines)
})

test('with durability "power" lines are written too', () => {
  const { folder, journal } = openJournal({ durability: 'power', segmentBytes: 5_000 })
  const lines = Array.from({ length: 20 }, () => newLine())
  for (const line of lines) expect(journal.append('call', line)).toBeUndefined()
  expect(linesIn(folder)).toEqual(lines)
})

test('a line that is too large is refused with the limit, and the next one is accepted', () => {
  const { folder, journal } = openJournal()
  expect(journal.append('call', 'x'.repeat(5_000_000))).toMatchObject({ reason: 'too_large' })
  const line = newLine()
  expect(journal.append('call', line)).toBeUndefined()
  expect(linesIn(folder)).toEqual([line])
})

describe('a folder that cannot be', () => {
  test('is refused when the folder above it is missing', () => {
    expect(() => openJournal({ folder: join(newFolder(), 'nowhere', 'journal') })).toThrow('ENOENT')
  })

  test('is refused when it is a file', () => {
    const folder = join(newFolder(), 'journal')
    writeFileSync(folder, '')
    expect(() => openJournal({ folder })).toThrow('EEXIST')
  })
})

describe('what others do to the files of a running journal costs no line:', () => {
  test('the whole folder is deleted', () => {
    const { folder, journal, writers } = openJournal()
    journal.append('call', newLine())
    rmSync(folder, { recursive: true })
    // Only after a second does it look again.
    const later = withClock(2_000, () => {
      const line = newLine()
      expect(journal.append('call', line)).toBeUndefined()
      return line
    })
    expect(linesIn(folder)).toEqual([later])
    expect(writers).toHaveLength(2)
  })

  test('another process has adopted them while this one was frozen', () => {
    const { folder, journal, writers } = openJournal()
    const lines = [newLine(), newLine()]
    journal.append('call', lines[0]!)
    renameSync(join(folder, writers[0]!), join(folder, `${writers[0]}@mf3k2a-0123456789abcdef`))
    rmSync(join(folder, `${writers[0]}.lease`))
    withClock(20_000, () => expect(journal.append('call', lines[1]!)).toBeUndefined())
    expect(linesIn(folder).toSorted()).toEqual(lines.toSorted())
    expect(linesIn(join(folder, `${writers[0]}@mf3k2a-0123456789abcdef`))).toEqual(lines.slice(0, 1))
    expect(writers).toHaveLength(2)
  })

  test('their directory is deleted and its lease is not, and nothing is open in it', () => {
    const { folder, journal, writers } = openJournal()
    journal.append('call', newLine())
    rmSync(join(folder, writers[0]!), { recursive: true })
    journal.rotate()
    const lines = [newLine(), newLine()]
    expect(lines.map((line) => journal.append('call', line))).toEqual([undefined, undefined])
    expect(linesIn(folder)).toEqual(lines)
    expect(writers).toHaveLength(2)
  })

  test('its lease is deleted', () => {
    const { folder, journal, writers } = openJournal()
    const lines = [newLine(), newLine()]
    journal.append('call', lines[0]!)
    rmSync(join(folder, `${writers[0]}.lease`))
    withClock(20_000, () => expect(journal.append('call', lines[1]!)).toBeUndefined())
    expect(linesIn(folder).toSorted()).toEqual(lines.toSorted())
  })
})

/** Runs something as if so much time had passed. */
function withClock(ms: number, work: () => string | void): string {
  const { now } = Date
  Date.now = () => now() + ms
  try {
    return work() ?? ''
  } finally {
    Date.now = now
  }
}

test('a full journal refuses calls, says so, and accepts them when there is room again', () => {
  const { folder, journal, signals } = openJournal({ maxBytes: 100_000 })
  const problems = Array.from({ length: 200 }, () => journal.append('call', newLine())?.reason)
  const kept = problems.indexOf('journal_full')
  expect(kept).toBeGreaterThan(20)
  expect(new Set(problems.slice(kept))).toEqual(new Set(['journal_full']))
  expect(linesIn(folder)).toHaveLength(kept)
  signals.measured(1_000)
  expect(journal.append('call', newLine())).toBeUndefined()
})

const isRoot = process.getuid?.() === 0
const canMount = isRoot && process.platform === 'linux' && tryMount()

function tryMount(): boolean {
  const folder = newFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  }
}

describe.skipIf(!canMount)('a disk', () => {
  function mounted(size: string): string {
    const folder = newFolder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder])
    atEnd(async () => void execFileSync('umount', ['-l', folder]))
    return folder
  }

  test('that is full costs exactly the calls that are counted, and accepts calls again as soon as it has room', () => {
    const disk = mounted('2m')
    writeFileSync(join(disk, 'other'), Buffer.alloc(500_000))
    const { folder, journal } = openJournal({ folder: join(disk, 'journal'), segmentBytes: 300_000 })
    const kept: string[] = []
    const refused = new Map<string, number>()
    const append = () => {
      const line = newLine()
      const problem = journal.append('call', line)
      if (problem === undefined) kept.push(line)
      else refused.set(problem.reason, (refused.get(problem.reason) ?? 0) + 1)
    }
    for (let count = 0; count < 3_000; count += 1) append()
    expect([...refused.keys()]).toEqual(['disk_full'])
    expect(linesIn(folder)).toEqual(kept)
    rmSync(join(disk, 'other'))
    const before = kept.length
    for (let count = 0; count < 50; count += 1) append()
    expect(kept.length).toBe(before + 50)
    expect(linesIn(folder)).toEqual(kept)
  })

  test('that becomes read-only refuses calls, and accepts them again afterwards', () => {
    const disk = mounted('2m')
    const { folder, journal } = openJournal({ folder: join(disk, 'journal') })
    const first = newLine()
    journal.append('call', first)
    journal.rotate()
    execFileSync('mount', ['-o', 'remount,ro', disk])
    expect(journal.append('call', newLine())).toMatchObject({ reason: 'journal_failed' })
    execFileSync('mount', ['-o', 'remount,rw', disk])
    const last = newLine()
    expect(journal.append('call', last)).toBeUndefined()
    expect(linesIn(folder).toSorted()).toEqual([first, last].toSorted())
  })
})
