// Stands for the host of functions: a line in is a request, a line out its answer; in between it stops the process.
import { createInterface } from 'node:readline'
import { handler } from './handler.ts'

for await (const userId of createInterface({ input: process.stdin })) {
  console.log(await handler(userId))
}
