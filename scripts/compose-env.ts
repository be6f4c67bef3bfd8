/**
 * Writes `.env` for docker-compose.yml: a password and tokens that exist nowhere else. One that is there stays as it is,
 * because the volumes were made with its password. `npm run compose:env`
 */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '..'))
const path = join(folder, '.env')
const secret = () => randomBytes(32).toString('base64url')

const text = `# Made by npm run compose:env; not for git.
POSTGRES_PASSWORD=${secret()}
# What the Collector shows to the ledger; it can write and read nothing.
SPANLEDGER_INGEST_TOKEN=${secret()}
# Yours, for the dashboard and the API.
SPANLEDGER_ADMIN_TOKEN=${secret()}
`

try {
  await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  console.log(`Wrote ${path}. SPANLEDGER_ADMIN_TOKEN in it opens the ledger.`)
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  console.error(`${path} is there already and stays as it is; remove it, and the volumes, to begin anew`)
}
