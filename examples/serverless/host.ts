// Simulates a host of functions: reads requests as lines, writes answers as lines, and stops the process in between.
import { createInterface } from 'node:readline'
import { handler } from './handler.ts'

for await (const userId of createInterface({ input: process.stdin })) {
  console.log(await handler(userId))
}
