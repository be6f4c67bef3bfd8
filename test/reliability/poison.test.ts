import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Call } from '@spanledger/core'
import { openUsageLog } from 'spanledger'
import { beforeAll, expect, test } from 'vitest'
import { countOf } from './accounting.ts'
import { versionOf } from './apps/versions.ts'
import { LIMIT, sayFigure, sized } from './form.ts'
import { journaledCalls, sqliteLedger } from './ledgers.ts'
import { type BrutalPostgres, createBrutalPostgres } from './postgres-ledger.ts'
import { newFolder } from './start-app.ts'

const LIST = 512
const ROUNDS = sized(3, 30)
const DEEP = 20_000

/** Ways in which a call can be invalid; its producer ignored the type. */
const POISON: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a step': { kind: 'step' },
  'an unknown kind': { kind: 'nonsense' },
  'no kind': { kind: undefined },
  'an unknown status': { status: 'great' },
  'an invalid id': { trace_id: 'hello' },
  'an id of zeros': { span_id: '0'.repeat(16) },
  'no id': { span_id: undefined },
  'an id that is a number': { span_id: 7 },
  'NUL in a name': { name: 'a\0b' },
  'NUL in a model': { model: '\0' },
  'a lone surrogate': { user_id: 'a\uD83Db' },
  'NaN tokens': { input_tokens: Number.NaN },
  'infinite tokens': { output_tokens: Number.POSITIVE_INFINITY },
  'negative tokens': { input_tokens: -5 },
  'half a token': { input_tokens: 1.5 },
  '2^64 tokens': { total_tokens: 2 ** 64 },
  'a big integer': { input_tokens: 2n ** 70n },
  'a cost of text': { cost_nano_usd: 'free' },
  'a cost of 2^63': { cost_nano_usd: 2 ** 63 },
  'a start in the year 2554': { started_at: Date.UTC(2554, 0, 1) },
  'an invalid start time': { started_at: Number.NaN },
  'a start before time': { started_at: -1 },
  'an end before its start': { ended_at: 5 },
  'a duration that is negative': { duration_ms: -1 },
  'metadata with a cycle': { metadata: cycle() },
  'metadata that is deep': { metadata: JSON.parse('{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP)) as unknown },
  'metadata with NUL': { metadata: { 'a\0': 'b\0' } },
  'own __proto__': { metadata: JSON.parse('{"__proto__":{"polluted":true}}') as unknown },
  'tags that are no texts': { tags: [1, null, {}] },
  'a text of 5 MB': { error_message: 'x'.repeat(5_000_000) },
  'a text that is an object': { model: { name: 'gpt-5' } },
  'invalid content': { content: 'hello' },
}
const CLASSES = Object.values(POISON)

function cycle(): unknown {
  const object: Record<string, unknown> = {}
  object['self'] = object
  return object
}

let postgres: BrutalPostgres

beforeAll(async () => {
  postgres = await createBrutalPostgres()
  await postgres.start()
})

test.each([
  ['sqlite', () => sqliteLedger(newFolder())],
  ['postgres', () => postgres.ledger(newFolder())],
])(
  'R10 calls that cannot be stored do not hold up others, and are kept with the reason (%s)',
  LIMIT,
  async (name, open) => {
    const ledger = open()
    const journal = join(ledger.folder, 'journal')
    const log = openUsageLog(ledger.url, { journal })
    const good: Call[] = []
    let bad = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const poisoned = new Set(
        Array.from({ length: 1 + Math.floor(Math.random() * 100) }, () => Math.floor(Math.random() * LIST)),
      )
      for (let place = 0; place < LIST; place += 1) {
        const made = versionOf(round * LIST + place, true)
        if (poisoned.has(place)) {
          log.write({ ...made, ...CLASSES[bad % CLASSES.length] })
          bad += 1
        } else {
          log.write(made)
          good.push(made)
        }
      }
      await log.flush()
    }
    const stats = log.stats()
    await log.close()
    const stored = new Set((await ledger.rows('select span_id from calls')).map(({ span_id }) => span_id))
    const letters = lettersIn(journal)
    sayFigure(`R10 poison, ${name}`, {
      good: good.length,
      'of them lost': good.filter(({ span_id }) => !stored.has(span_id)).length,
      bad,
      'of them stored cleaned': stats.stored + stats.deduplicated - good.length,
      rejected: JSON.stringify(stats.rejected),
      dropped: JSON.stringify(stats.dropped),
      'dead letters': letters.length,
    })
    expect(good.filter(({ span_id }) => !stored.has(span_id))).toEqual([])
    expect(stats).toMatchObject({ generated: good.length + bad, journaled: 0 })
    expect(stats.stored + stats.deduplicated + countOf(stats.rejected) + countOf(stats.dropped)).toBe(good.length + bad)
    // Nothing is given up for a reason other than its size.
    expect(Object.keys(stats.dropped).filter((reason) => reason !== 'too_large')).toEqual([])
    expect(stored.size).toBe(stats.stored)
    // What could not even be written as a line has none.
    expect(letters.length).toBeLessThanOrEqual(countOf(stats.rejected))
    for (const letter of letters)
      expect(letter).toMatchObject({ reason: expect.stringMatching(/./), message: expect.stringMatching(/./) })
    expect(journaledCalls({ ...ledger, journal: () => journal })).toBe(0)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  },
)

function lettersIn(journal: string): readonly unknown[] {
  return readFileSync(join(journal, 'dead-letters.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}
