import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createDrainSignals,
  createJournal,
  createJournalDrain,
  type DrainEvent,
  drainLeftovers,
  type JournalDrainOptions,
  type JournalOptions,
  takeDeadLetters,
} from '@spanledger/journal'
import { beforeEach, describe, expect, test } from 'vitest'
import { atEnd, countsOf, createTestTarget, idOf, newFolder, newLine, type TestTarget, until } from './journals.ts'

let folder: string
let target: TestTarget

beforeEach(async () => {
  const parent = newFolder()
  folder = join(parent, 'usage.db.spanledger')
  target = await createTestTarget(parent)
})

/** Both ends of a journal, in one thread. */
function openJournal(options: Partial<JournalOptions & JournalDrainOptions> = {}) {
  const events: DrainEvent[] = []
  const signals = createDrainSignals()
  const writers: string[] = []
  let { drain, die } = createDrain()
  function createDrain() {
    let dead = false
    // A dead drain gets no more answers, and its events are not heard.
    const mortal = <Answer>(work: Promise<Answer>) =>
      work.then((answer) => (dead ? new Promise<never>(() => {}) : answer))
    const drain = createJournalDrain({
      folder,
      target: {
        ...target,
        deliver: (batch) => mortal(target.deliver(batch)),
        position: (segment) => mortal(target.position(segment)),
        forget: (segments) => mortal(target.forget(segments)),
      },
      signals,
      onEvent: (event) => !dead && events.push(event),
      isBackground: true,
      ...options,
    })
    for (const writer of writers) drain.addWriter(writer)
    atEnd(async () => (dead ? undefined : drain.close()))
    const die = () => {
      dead = true
    }
    return { drain, die }
  }
  const journal = createJournal({
    folder,
    signals,
    ...options,
    onWriter(writer) {
      writers.push(writer)
      drain.addWriter(writer)
    },
    onFull: () => drain.dropOldest(),
  })
  const write = (lines: readonly string[], kind: 'call' | 'start' = 'call') => {
    for (const line of lines) expect(journal.append(kind, line)).toBeUndefined()
    drain.wake('now')
  }
  return {
    journal,
    writers,
    events,
    write,
    restartDrain() {
      die()
      ;({ drain, die } = createDrain())
    },
    async close() {
      journal.close()
      await drain.close()
      journal.release()
    },
  }
}

/** A journal whose process has ended and left everything behind. */
function leaveJournal(calls: readonly string[], starts: readonly string[] = [], isReleased = true): string {
  let name = ''
  const signals = createDrainSignals()
  const journal = createJournal({ folder, signals, segmentBytes: 20_000, onWriter: (writer) => (name = writer) })
  for (const line of starts) journal.append('start', line)
  for (const line of calls) journal.append('call', line)
  journal.close()
  if (isReleased) journal.release()
  return name
}

function lines(count: number): readonly string[] {
  return Array.from({ length: count }, () => newLine())
}

const NOTHING = { stored: 0, deduplicated: 0, rejected: 0, dropped: 0 }

describe('a drain', () => {
  test('delivers appended calls in order, and leaves no file behind', async () => {
    const journal = openJournal({ segmentBytes: 50_000 })
    const some = lines(1_500)
    journal.write(some.slice(0, 1_000))
    await until(() => countsOf(journal.events).stored === 1_000)
    journal.write(some.slice(1_000))
    await journal.close()
    expect(await target.ids()).toEqual(some.map(idOf))
    expect(countsOf(journal.events)).toEqual({ ...NOTHING, stored: 1_500 })
    expect(readdirSync(folder)).toEqual([])
  })

  test('continues where it stopped after a restart, and counts no call twice', async () => {
    const journal = openJournal({ segmentBytes: 100_000 })
    const some = lines(1_000)
    for (let from = 0; from < some.length; from += 100) {
      journal.write(some.slice(from, from + 100))
      await until(() => countsOf(journal.events).stored >= from - 100)
      journal.restartDrain()
    }
    await journal.close()
    expect(await target.ids()).toEqual(some.map(idOf))
    expect(countsOf(journal.events)).toEqual({ ...NOTHING, stored: 1_000 })
  })

  test('tries again while the database is down, and reports why', async () => {
    const journal = openJournal()
    target.failWith('the database is away')
    journal.write(lines(10))
    await until(() => journal.events.filter(({ type }) => type === 'failed').length > 2)
    expect(journal.events).toContainEqual({ type: 'failed', message: 'the database is away' })
    target.failWith(undefined)
    await until(() => countsOf(journal.events).stored === 10)
  })

  test('counts a call that is appended twice as known', async () => {
    const journal = openJournal()
    const [line = ''] = lines(1)
    journal.write([line, line])
    journal.write([line])
    await journal.close()
    expect(countsOf(journal.events)).toEqual({ ...NOTHING, stored: 1, deduplicated: 2 })
  })

  test('sets calls aside that the database refuses, with the reason, and stores the others', async () => {
    const journal = openJournal()
    const good = lines(9)
    const step = newLine({ kind: 'step' })
    journal.write([...good.slice(0, 4), step, ...good.slice(4), '{"id":"none"}'])
    await journal.close()
    expect(await target.ids()).toEqual(good.map(idOf))
    expect(countsOf(journal.events)).toEqual({ ...NOTHING, stored: 9, rejected: 2 })
    const { letters, done } = takeDeadLetters(folder)
    expect(letters.map(({ line, reason, message }) => [idOf(line), reason, message])).toEqual([
      [idOf(step), 'invalid_call', expect.stringContaining('kind is "step"')],
      ['none', 'invalid_call', expect.stringContaining('trace_id is missing')],
    ])
    // Without a call of `done` they are taken again.
    expect(takeDeadLetters(folder).letters).toEqual(letters)
    done()
    expect(takeDeadLetters(folder).letters).toEqual([])
  })

  test('makes room by dropping the oldest calls, and counts them', async () => {
    const journal = openJournal({ maxBytes: 200_000, whenFull: 'drop-oldest' })
    target.failWith('the database is away')
    const some = lines(600)
    let refused = 0
    for (const line of some) {
      if (journal.journal.append('call', line) !== undefined) refused += 1
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    target.failWith(undefined)
    await journal.close()
    const { stored, dropped } = countsOf(journal.events)
    expect(dropped).toBeGreaterThan(100)
    expect(stored + dropped + refused).toBe(600)
    expect(await target.ids()).toContain(idOf(some.at(-1)!))
  })

  test('counts every call that it drops, of segments of any size', async () => {
    const journal = openJournal({ maxBytes: 24_000_000, whenFull: 'drop-oldest' })
    target.failWith('the database is away')
    const some = Array.from({ length: 1_000 }, () => newLine({ error_message: 'x'.repeat(30_000) }))
    let refused = 0
    for (const line of some) {
      if (journal.journal.append('call', line) !== undefined) refused += 1
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    target.failWith(undefined)
    await journal.close()
    const { stored, dropped } = countsOf(journal.events)
    expect(dropped).toBeGreaterThan(50)
    expect(stored + dropped + refused).toBe(1_000)
  })
})

describe('the start of a call', () => {
  test('does not become a row when its end follows', async () => {
    const journal = openJournal({ segmentBytes: 20_000 })
    const some = lines(200)
    for (const line of some) {
      journal.write([line.replace('"ok"', '"open"')], 'start')
      journal.write([line])
    }
    await journal.close()
    expect(await target.ids()).toHaveLength(200)
    expect(await target.ids('ok')).toHaveLength(200)
    expect(countsOf(journal.events)).toEqual({ ...NOTHING, stored: 200 })
  })

  test('keeps no segment, and outlives a restart of the drain', async () => {
    const journal = openJournal({ segmentBytes: 20_000 })
    const open = newLine({ status: 'open' })
    journal.write([open], 'start')
    journal.write(lines(200))
    await until(() => countsOf(journal.events).stored === 200)
    await until(() => readdirSync(join(folder, journal.writers[0]!)).length === 2)
    journal.restartDrain()
    await journal.close()
    expect(await target.ids('abandoned')).toEqual([idOf(open)])
    expect(readdirSync(folder)).toEqual([])
  })

  test('becomes a crashed row when its process is dead, with what was known and no tokens', async () => {
    const ended = newLine()
    const open = newLine({ status: 'open', input_tokens: null, output_tokens: null })
    leaveJournal([ended, ...lines(100)], [ended, open])
    const leftovers = await drainLeftovers({ folder, target })
    expect(leftovers).toMatchObject({ stored: 101, crashed: 1, problem: undefined })
    expect(await target.ids('crashed')).toEqual([idOf(open)])
    expect(await target.store.call(idOf(open))).toMatchObject({ model: 'gpt-5', input_tokens: null })
  })

  test('does not stay in memory if 20,000 calls follow without its end', async () => {
    const journal = openJournal()
    const starts = Array.from({ length: 12_000 }, () => newLine({ status: 'open' }))
    journal.write(starts, 'start')
    await until(async () => (await target.ids('abandoned')).length >= 2_000)
    await journal.close()
    expect(await target.ids('abandoned')).toHaveLength(12_000)
  })
})

describe('the journal that another process has left', () => {
  test('is adopted at once when it gave its lease up', async () => {
    const left = lines(300)
    leaveJournal(left)
    const journal = openJournal()
    await until(async () => (await target.ids()).length === 300)
    await until(() => readdirSync(folder).length === 1)
    await journal.close()
    expect(countsOf(journal.events)).toEqual(NOTHING)
    expect(readdirSync(folder)).toEqual([])
  })

  test('is adopted when its lease has run out', async () => {
    const left = lines(300)
    leaveJournal(left, [], false)
    const journal = openJournal({ leaseTtlMs: 500 })
    await until(async () => (await target.ids()).length === 300)
    expect(journal.events).toContainEqual(expect.objectContaining({ type: 'adopted' }))
  })

  test('is left alone while its lease is renewed', async () => {
    const other = openJournal()
    target.failWith('the database is away')
    other.write(lines(10))
    const leftovers = await drainLeftovers({ folder, target: { ...target, deliver: () => Promise.reject() } })
    expect(leftovers).toMatchObject({ stored: 0, problem: undefined })
    expect(readdirSync(folder)).toHaveLength(2)
    target.failWith(undefined)
  })

  test('goes to one of several drains that try to adopt it', async () => {
    const left = Array.from({ length: 5 }, () => lines(200))
    for (const some of left) leaveJournal(some)
    const outcomes = await Promise.all([1, 2, 3].map(() => drainLeftovers({ folder, target })))
    expect(outcomes.reduce((sum, { stored }) => sum + stored, 0)).toBe(1_000)
    expect(outcomes.reduce((sum, { deduplicated }) => sum + deduplicated, 0)).toBe(0)
    expect((await target.ids()).toSorted()).toEqual(left.flat().map(idOf).toSorted())
  })

  test('is drained from where its own process stopped', async () => {
    const dying = openJournal()
    dying.write(lines(100))
    await until(() => countsOf(dying.events).stored === 100)
    target.failWith('the process is as good as dead')
    dying.write(lines(50))
    await dying.close()
    target.failWith(undefined)
    expect(await drainLeftovers({ folder, target })).toMatchObject({ stored: 50, deduplicated: 0, problem: undefined })
  })

  test('stays where it is, and is reported, while the database is down', async () => {
    leaveJournal(lines(10))
    target.failWith('the database is away')
    const outcome = await drainLeftovers({ folder, target, patienceMs: 300 })
    expect(outcome.problem).toBe('the database is away')
    target.failWith(undefined)
    expect(await drainLeftovers({ folder, target })).toMatchObject({ stored: 10, problem: undefined })
  })
})

describe('damage', () => {
  const segment = (writer: string, number: number) => join(folder, writer, `00000${number}.journal`)

  test('costs only the frame that it is in; the file is set aside and reported', async () => {
    const left = lines(30)
    const writer = leaveJournal(left)
    const bytes = readFileSync(segment(writer, 1))
    bytes[3_000]! ^= 4
    writeFileSync(segment(writer, 1), bytes)
    const { stored, quarantined, problem } = await drainLeftovers({ folder, target })
    expect({ stored, quarantined, problem }).toEqual({
      stored: 29,
      quarantined: [join(folder, `${writer}.000001.journal.quarantined`)],
      problem: undefined,
    })
    expect(readFileSync(quarantined[0]!)).toEqual(bytes)
  })

  test('that is only a torn tail is not reported', async () => {
    const writer = leaveJournal(lines(5))
    appendFileSync(segment(writer, 1), readFileSync(segment(writer, 1)).subarray(0, 700))
    const { stored, quarantined } = await drainLeftovers({ folder, target })
    expect({ stored, quarantined }).toEqual({ stored: 5, quarantined: [] })
    expect(readdirSync(folder)).toEqual([])
  })

  test('of a file that is something else puts it aside', async () => {
    const writer = leaveJournal(lines(5))
    writeFileSync(segment(writer, 2), 'This is no journal. '.repeat(100))
    writeFileSync(join(folder, writer, 'copy of 000001.journal'), 'x')
    const { stored, quarantined } = await drainLeftovers({ folder, target })
    expect(stored).toBe(5)
    expect(quarantined.toSorted()).toEqual([
      join(folder, `${writer}.000002.journal.quarantined`),
      join(folder, `${writer}.copy of 000001.journal.quarantined`),
    ])
  })

  test('of what is not ours leaves it where it is', async () => {
    mkdirSync(join(folder, 'photos'), { recursive: true })
    writeFileSync(join(folder, 'photos', '000001.journal'), 'x')
    writeFileSync(join(folder, 'notes.txt'), 'x')
    leaveJournal(lines(5))
    expect(await drainLeftovers({ folder, target })).toMatchObject({ stored: 5, quarantined: [] })
    expect(readdirSync(folder).toSorted()).toEqual(['notes.txt', 'photos'])
  })
})

test('of several drains that may only write one at a time each gets its turn', async () => {
  const journals = [1, 2, 3].map(() => openJournal({ isExclusive: true }))
  for (const journal of journals) journal.write(lines(700))
  await until(() => journals.every(({ events }) => countsOf(events).stored === 700))
  for (const journal of journals) await journal.close()
  expect(readdirSync(folder)).toEqual([])
})
