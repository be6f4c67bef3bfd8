// Drains a folder and dies by SIGKILL at the point in its second argument: right after that many batches are stored, or
// before the next one.
import { dirname, join } from 'node:path'
import { drainLeftovers } from '@spanledger/journal'
import { openStore } from '@spanledger/store'
import { targetOf } from '../store-target.ts'

const [folder = '', moment = '', batches = ''] = process.argv.slice(2)
const target = targetOf(await openStore({ path: join(dirname(folder), 'usage.db') }))
let left = Number(batches)
const die = () => process.kill(process.pid, 'SIGKILL')
await drainLeftovers({
  folder,
  leaseTtlMs: 1_000,
  target: {
    ...target,
    async deliver(batch) {
      if (moment === 'before' && left === 0) die()
      const delivery = await target.deliver(batch)
      left -= 1
      if (moment === 'after' && left === 0) die()
      return delivery
    },
  },
})
