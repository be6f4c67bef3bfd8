// Calls register twice, as the two bundles of a Next.js application do.
import { register } from 'spanledger'

const first = register({ serviceName: 'first' })
const second = register({ serviceName: 'second' })
process.stderr.write(`same: ${first === second}\n`)
await import('./seven.ts')
