import { openStore } from '@spanledger/store'
import { buildCall } from '../core/build-call.ts'

// A process of its own: writes 200 calls that only it knows and 200 that its siblings write too, and says what became
// of them.
const [, , place = '', writer = ''] = process.argv
const database = place.startsWith('postgres:') ? { url: place } : { path: place }
const store = await openStore({ ...database, busyTimeoutMs: 20_000 })
const result = { stored: 0, deduplicated: 0 }
for (let batch = 0; batch < 20; batch++) {
  const calls = Array.from({ length: 10 }, (_, index) => {
    const id = (batch * 10 + index + 1).toString(16)
    return [
      buildCall({ span_id: `a${writer}${id.padStart(14, '0')}` }),
      buildCall({ span_id: `b0${id.padStart(14, '0')}`, metadata: { [writer]: true } }),
    ]
  }).flat()
  const { stored, deduplicated } = await store.write(calls)
  result.stored += stored
  result.deduplicated += deduplicated
}
await store.close()
process.send?.(result)
process.disconnect?.()
