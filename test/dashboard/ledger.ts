import type { Call } from '@spanledger/core'
import { type AccessToken, createServer } from '@spanledger/server'
import { openStore, type Store, WRITE_BATCH_SIZE } from '@spanledger/store'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtPage } from './built-page.ts'

/** A real server over a real database, with the built page. */
export interface Ledger {
  readonly url: string
  readonly store: Store
  /** What an application gives as its database to write into the same one. */
  readonly database: string
  close(): Promise<void>
}

interface LedgerOptions {
  readonly calls?: readonly Call[]
  readonly jaegerUrl?: string
  readonly tokens?: readonly AccessToken[]
}

/** Starts a server with these calls in its database. */
export async function startLedger({ calls = [], jaegerUrl, tokens }: LedgerOptions = {}): Promise<Ledger> {
  const dashboardFolder = await builtPage()
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-dashboard-'))
  const path = join(folder, 'usage.db')
  const store = await openStore({ path })
  for (let start = 0; start < calls.length; start += WRITE_BATCH_SIZE) {
    await store.write(calls.slice(start, start + WRITE_BATCH_SIZE))
  }
  const server = createServer({ store, jaegerUrl, dashboardFolder, tokens })
  const { url } = await server.listen({ port: 0 })
  return {
    url,
    store,
    database: `file:${path}`,
    async close() {
      await server.close()
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}
