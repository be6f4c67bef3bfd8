// Turns us on, off and on again while it makes calls. Prints what it left open each time.
import { readdirSync, writeSync } from 'node:fs'
import { context, trace } from '@opentelemetry/api'
import { register } from 'spanledger'
import { endCall, startCall } from './pipeline.ts'
import type { Plan } from './plan.ts'

const LOOKS = 50
const LOOK_MS = 100

const { database, count = 0 } = JSON.parse(process.argv[2] ?? '') as Plan
// Node opens these on first use, such as a warning or the start of a thread.
for (const stream of [process.stdout, process.stderr]) stream.write('')
const resources = () => process.getActiveResourcesInfo()
const before = resources()

for (const enabled of [false, true, false, true]) {
  const telemetry = register({ database, enabled })
  for (let made = 0; made < count; made += 1) endCall(startCall(trace.getTracer('app')))
  await telemetry.shutdown()
  // What a tracer provider of ours would leave behind is the SDK's; an application that turns it off takes it down.
  trace.disable()
  context.disable()
  const { generated, stored } = telemetry.stats()
  // What is closed goes when the event loop comes round to it.
  for (let look = 0; look < LOOKS && resources().length > before.length; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  const left = resources().slice(before.length)
  writeSync(1, `${JSON.stringify({ enabled, generated, stored, files: readdirSync('.').sort(), left })}\n`)
}
process.exit(0)
