// Watches the budgets of the database that is named, until it is killed. Waits a second between attempts.
import { createBudgetWatch } from '@spanledger/server'
import { openStore } from '@spanledger/store'

const [url = ''] = process.argv.slice(2)
const store = await openStore(url.startsWith('file:') ? { path: url.slice('file:'.length) } : { url })
createBudgetWatch({ store, intervalMs: 100, attemptMs: 500, retryDelaysMs: [1_000, 1_000, 1_000] })
setInterval(() => {}, 1_000)
