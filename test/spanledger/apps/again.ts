// Turns us off while it runs, and on again.
import { register } from 'spanledger'

const first = register({ serviceName: 'first' })
await import('./seven.ts')
await first.shutdown()
const second = register({ serviceName: 'second' })
// A query makes it another module, that runs again.
const again = './seven.ts?again'
await import(again)
await second.shutdown()
process.stderr.write(`same: ${first === second}\n`)
