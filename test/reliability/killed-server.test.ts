import { expect, test } from 'vitest'
import { toCallLine } from '@spanledger/core'
import { versionOf } from './apps/versions.ts'
import { LIMIT, pause, randomMs, sayFigure, sized } from './form.ts'
import { sqliteLedger } from './ledgers.ts'
import { newFolder, startCommand } from './start-app.ts'

const ROUNDS = sized(8, 200)
const BATCH = 20

test(
  'R9 what a server has answered with 200 is stored, however soon it is killed; a retry makes no second row',
  LIMIT,
  async () => {
    const ledger = sqliteLedger(newFolder())
    const answered = new Set<number>()
    let waiting: number[][] = []
    let made = 0
    let retries = 0
    for (let round = 0; round <= ROUNDS; round += 1) {
      const server = startCommand(ledger.folder, ['serve', '--db', ledger.url, '--port', '0'])
      await server.ready
      const url = server.stdout().trim().split('\n')[0] ?? ''
      const isLast = round === ROUNDS
      const batches = [
        ...waiting,
        ...(isLast ? [] : Array.from({ length: 10 }, () => Array.from({ length: BATCH }, () => made++))),
      ]
      retries += waiting.length
      waiting = []
      const sending = batches.map(async (batch) => {
        if (await isTaken(url, batch)) for (const index of batch) answered.add(index)
        else waiting.push(batch)
      })
      if (!isLast) {
        await pause(randomMs(0, 120))
        server.child.kill('SIGKILL')
      }
      await Promise.all(sending)
      server.child.kill('SIGTERM')
      await server.ended
      const stored = new Set((await ledger.rows('select trace_id from calls')).map((row) => row['trace_id']))
      expect([...answered].filter((index) => !stored.has(versionOf(index, true).trace_id))).toEqual([])
    }
    const rows = await ledger.rows('select span_id, input_tokens from calls')
    const [kept] = await ledger.rows('select sum(calls) as calls from rollup_quarters')
    sayFigure('R9 killed server', {
      '': `${ROUNDS} rounds`,
      answered: answered.size,
      lost: made - rows.length,
      'batches sent again': retries,
      duplicated: Number(kept?.['calls']) - made,
    })
    expect(waiting).toEqual([])
    expect(rows).toHaveLength(made)
    expect(Number(kept?.['calls'])).toBe(made)
    expect(await ledger.complaints()).toEqual([])
  },
)

async function isTaken(url: string, batch: readonly number[]): Promise<boolean> {
  const body = batch.map((index) => toCallLine(versionOf(index, true))).join('\n')
  try {
    const response = await fetch(`${url}/api/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    })
    if (response.status !== 200) return false
    const { stored, deduplicated } = (await response.json()) as { stored: number; deduplicated: number }
    return stored + deduplicated === batch.length
  } catch {
    return false
  }
}
