import { isInJest } from './application/jest-module.ts'
import { registerPreloaded } from './application/register.ts'

// `node --import spanledger/register app.js`: all settings come from the environment.
const telemetry = registerPreloaded()

// As a set-up file of a test runner: the calls of a test file are stored when it ends. Jest gives each test file modules
// of its own, and with them a ledger that nothing else would close.
const STORED_WITHIN_MS = 30_000
const { afterAll } = globalThis as { afterAll?: unknown }
if (typeof afterAll === 'function') {
  afterAll(() => (isInJest() ? telemetry.shutdown() : telemetry.flush()), STORED_WITHIN_MS)
}
