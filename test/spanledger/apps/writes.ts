// Writes a call every few milliseconds, in bursts now and then, and notes the id of each in the file that its argument
// names, once it was taken over. Ends when it is told to on standard input.
import { randomBytes } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import { parseCall } from '@spanledger/core'
import { openUsageLog } from 'spanledger'

const acknowledged = openSync(process.argv[2]!, 'a')
const log = openUsageLog('file:usage.db')
const timer = setInterval(() => {
  for (let count = Math.random() < 0.1 ? 200 : 1; count > 0; count -= 1) {
    const id = { trace_id: randomBytes(16).toString('hex'), span_id: randomBytes(8).toString('hex') }
    log.write(parseCall({ ...id, kind: 'model', billable: 1, started_at: Date.now(), status: 'ok' }))
    writeSync(acknowledged, `${id.trace_id}-${id.span_id}\n`)
  }
}, 5)
process.stdin.once('data', async () => {
  clearInterval(timer)
  await log.close()
  writeSync(2, JSON.stringify(log.stats()))
  process.exit(0)
})
