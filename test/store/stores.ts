import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'

/** A database of one test, empty at first. */
export interface TestDatabase {
  open(options?: Pick<OpenStoreOptions, 'readOnly' | 'now'>): Promise<Store>
  /** Asks the database itself, past the store. */
  rows(sql: string): Promise<Record<string, unknown>[]>
  remove(): Promise<void>
}

/** Every database that keeps the contract of `Store`. */
export const DATABASES: readonly { readonly name: string; readonly create: () => Promise<TestDatabase> }[] = [
  { name: 'sqlite', create: createSqlite },
]

async function createSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-store-'))
  const path = join(folder, 'usage.db')
  const opened: Store[] = []
  return {
    async open(options = {}) {
      const store = await openStore({ path, ...options })
      opened.push(store)
      return store
    },
    async rows(sql) {
      const database = new DatabaseSync(path, { readOnly: true })
      try {
        return database
          .prepare(sql)
          .all()
          .map((row) => ({ ...row }))
      } finally {
        database.close()
      }
    },
    async remove() {
      for (const store of opened) await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** All that an iterator gives. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
