// Calls register although --import has called it already, as an application does whose code is older than its command.
import { register } from 'spanledger'

for (let count = 0; count < 2; count += 1) register({ serviceName: 'shop', database: 'file:other.db' })
register({ database: './.spanledger/usage.db' })
register()
await import('./seven.ts')
