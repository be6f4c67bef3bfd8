import { register } from './application/register.ts'

// `node --import spanledger/register app.js`: everything comes from the environment.
register()
