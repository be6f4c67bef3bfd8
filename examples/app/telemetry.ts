import { register } from 'spanledger'

export const telemetry = register({ serviceName: 'shop', database: 'file:usage.db' }) // or postgres://… or https://ledger.example.com
