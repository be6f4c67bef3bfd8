// Waiting: between tries, until something happens, and no longer than a limit.
export { createBackoff } from './backoff.ts'
export { createSleep } from './sleep.ts'
export { within } from './within.ts'
