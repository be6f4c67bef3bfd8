// Appends three calls to the journal of `usage.db` and ends before anything drains it, or stays. First argument: whether a
// call is stored before; second: `stay`.
import { mkdirSync } from 'node:fs'
import { parseCall, toCallLine } from '@spanledger/core'
import { createDrainSignals, createJournal } from '@spanledger/journal'
import { openUsageLog } from 'spanledger'

const call = (number: number) =>
  parseCall({
    trace_id: 'a'.repeat(32),
    span_id: String(number).padStart(16, '0'),
    kind: 'model',
    billable: 1,
    started_at: Date.now(),
    status: 'ok',
  })
if (process.argv[2] === 'one stored') {
  const log = openUsageLog('file:usage.db')
  log.write(call(9))
  await log.close()
}
mkdirSync('usage.db.spanledger', { recursive: true })
const journal = createJournal({ folder: 'usage.db.spanledger', signals: createDrainSignals(), onWriter: () => {} })
for (const number of [1, 2, 3]) journal.append('call', toCallLine(call(number)))
process.stdout.write(`ready in ${process.cwd()}\n`)
if (process.argv[3] === 'stay') setInterval(() => {}, 1_000)
