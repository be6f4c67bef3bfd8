// Makes calls, every tenth without an end, and prints the heap after each tenth of them. Its plan says how many.
import { writeSync } from 'node:fs'
import { context, trace } from '@opentelemetry/api'
import { endCall, openPipeline, startCall } from './pipeline.ts'
import type { Plan } from './plan.ts'

const PARTS = 20
const TICK = 500
const MOST_WAITING = 20_000

const plan = JSON.parse(process.argv[2] ?? '') as Plan
const { count = 0 } = plan
const pipeline = openPipeline(plan)
// Node opens these on first use, such as a warning or the start of a thread.
for (const stream of [process.stdout, process.stderr]) stream.write('')
const handles = () => process.getActiveResourcesInfo().length
const before = handles()

for (let made = 0; made < count;) {
  for (let inTick = 0; inTick < TICK && made < count; inTick += 1, made += 1) {
    const span = startCall(pipeline.tracer)
    // Some of those that never end are held by a context that is gone, as with a stream that is broken off.
    if (made % 10 === 0) context.with(trace.setSpan(context.active(), span), () => {})
    else endCall(span)
  }
  await new Promise((resolve) => setTimeout(resolve, 1))
  while (pipeline.stats().journaled > MOST_WAITING) await new Promise((resolve) => setTimeout(resolve, 20))
  if (made % (count / PARTS) === 0) {
    globalThis.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    writeSync(1, `${JSON.stringify({ calls: made, heapUsed, rss, handles: handles() - before })}\n`)
  }
}
await pipeline.shutdown()
writeSync(1, `${JSON.stringify({ stats: pipeline.stats(), handles: handles() - before })}\n`)
process.exit(0)
