// Names prices of its own: the third argument is the path or address of a file, or the prices themselves as JSON.
import { pathToFileURL } from 'node:url'
import { type PriceFile, register } from 'spanledger'

const [, , , , given = ''] = process.argv
const prices = given.startsWith('{') ? (JSON.parse(given) as PriceFile) : given
register({ prices: typeof prices === 'string' && prices.startsWith('/') ? pathToFileURL(prices) : prices })
await import('./seven.ts')
