import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeJournalFolder, newWriterName } from '../folder/journal-folder.ts'
import { beatLease, releaseLease, takeLease } from '../leases/lease.ts'

/** The name under which a journal writes, with its directory and its lease. */
export interface WriterName {
  /** Absent before the first line. */
  get(): string | undefined
  /** Takes a new name, because there was none or another process has adopted the files of the last one. */
  renew(): string
  /** Renews the lease; false if it is gone. */
  beat(): boolean
  /** Gives the name up if its directory or its lease is gone. */
  check(): void
  /** Gives up the lease. The directory stays if something is in it. */
  release(): void
}

/** `onWriter` is called with a name before anything is written under it. */
export function createWriterName(folder: string, onWriter: (writer: string) => void): WriterName {
  let writer: string | undefined
  const beat = () => writer !== undefined && beatLease(folder, writer)
  return {
    get: () => writer,
    renew() {
      const name = newWriterName()
      // The folder may have been deleted.
      makeJournalFolder(folder)
      takeLease(folder, name)
      mkdirSync(join(folder, name), { mode: 0o700 })
      onWriter(name)
      writer = name
      return name
    },
    beat,
    check() {
      if (writer !== undefined && !(existsSync(join(folder, writer)) && beat())) writer = undefined
    },
    release() {
      if (writer === undefined) return
      try {
        rmdirSync(join(folder, writer))
      } catch {
        // Not empty: the process that adopts it drains it first.
      }
      releaseLease(folder, writer)
    },
  }
}
