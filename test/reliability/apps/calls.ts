// Makes provider calls as its plan says, and writes down each one that was recorded. Prints "ready" after the first.
import { openSync, writeSync } from 'node:fs'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { ENDINGS } from './endings.ts'
import { endCall, idOf, openPipeline, startCall } from './pipeline.ts'
import type { Plan, Report } from './plan.ts'

const plan = JSON.parse(process.argv[2] ?? '') as Plan
if (plan.isWorker === true && isMainThread) runInWorker()
else await run()

function runInWorker(): void {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  worker.on('message', () => void worker.terminate())
}

async function run(): Promise<void> {
  const { perTick = 1, pauseMs = 0, blockMs = 0, count = Infinity, end = 'natural' } = plan
  const pipeline = openPipeline(plan)
  const acks = openSync(plan.acks, 'a')
  const rssBefore = process.memoryUsage.rss()
  let isAsked = false
  if (count === Infinity) process.stdin.on('end', () => (isAsked = true)).resume()
  for (let made = 0; made < count && !isAsked;) {
    for (let inTick = 0; inTick < perTick && made < count; inTick += 1) {
      makeCall(pipeline, acks)
      if (made === 0) writeSync(1, 'ready\n')
      made += 1
    }
    if (blockMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs)
    if (made < count) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  parentPort?.postMessage('done')
  if (parentPort !== null) return ENDINGS.stay()
  if (end !== 'close') return ENDINGS[end]()
  await pipeline.shutdown()
  const rssMost = process.resourceUsage().maxRSS * 1024
  const report: Report = { ...pipeline.stats(), rssBefore, rssMost }
  writeSync(1, `${JSON.stringify(report)}\n`)
  process.exit(0)
}

// A call is acknowledged when its span has ended and nobody has counted it as lost.
function makeCall({ tracer, stats }: ReturnType<typeof openPipeline>, acks: number): void {
  const span = startCall(tracer, plan.characters)
  const before = stats()
  endCall(span)
  const after = stats()
  const lost = countOf(after.dropped) + countOf(after.rejected) - countOf(before.dropped) - countOf(before.rejected)
  if (after.generated === before.generated + 1 && lost === 0) writeSync(acks, `${idOf(span)}\n`)
}

function countOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
