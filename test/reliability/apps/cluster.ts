// Eight workers of one application, each a process that makes the calls of the plan and writes to the same database.
import cluster from 'node:cluster'
import type { Plan } from './plan.ts'

const WORKERS = 8

const plan = JSON.parse(process.argv[2] ?? '') as Plan
cluster.setupPrimary({
  exec: new URL('./calls.ts', import.meta.url).pathname,
  args: [JSON.stringify({ ...plan, count: (plan.count ?? 0) / WORKERS, end: 'close' } satisfies Plan)],
})
for (let worker = 0; worker < WORKERS; worker += 1) cluster.fork()
