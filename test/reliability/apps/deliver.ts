// Writes batches of calls one to five times each, in an order of its own. The count of its plan is how many there are, the pause its seed.
import { writeSync } from 'node:fs'
import { openUsageLog } from 'spanledger'
import type { Plan } from './plan.ts'
import { randomBelow, versionOf } from './versions.ts'

const BATCH = 50
const MOST_TIMES = 5

const { database, count = 0, pauseMs: seed = 0 } = JSON.parse(process.argv[2] ?? '') as Plan
const random = randomBelow(seed + 1)
const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => batch)
const deliveries = batches.flatMap((batch) => Array.from({ length: 1 + random(MOST_TIMES) }, () => batch))
const log = openUsageLog(database)
while (deliveries.length > 0) {
  const [batch = 0] = deliveries.splice(random(deliveries.length), 1)
  // Every second process has not heard how the calls ended, most of the time.
  const isEnded = seed % 2 === 0 || random(10) === 0
  for (let index = batch * BATCH; index < Math.min(count, (batch + 1) * BATCH); index += 1)
    log.write(versionOf(index, isEnded))
  await new Promise((resolve) => setTimeout(resolve, random(5)))
}
await log.close()
writeSync(1, `${JSON.stringify({ ...log.stats(), rssBefore: 0, rssMost: 0 })}\n`)
process.exit(0)
