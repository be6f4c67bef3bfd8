import { registerPreloaded } from './application/register.ts'

// `node --import spanledger/register app.js`: all settings come from the environment.
registerPreloaded()
