import { renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { type JournalDirectory, listDirectories, listLeases, newWriterName } from '../folder/journal-folder.ts'
import { beatLease, createLeaseWatch, LEASE_TTL_MS, releaseLease, takeLease } from './lease.ts'

/** Finds what dead processes have left in a journal folder, and makes it ours. */
export interface Adoption {
  /** Looks around, once. `isOwn` says which writers are ours and not dead. */
  adopt(isOwn: (owner: string) => boolean): readonly AdoptedDirectory[]
  /** Owners with something left whose lease has neither run out nor been renewed since they were first looked at. */
  undecided(): number
  /** Renews the lease under which adopted directories are ours. */
  beat(): void
  /** Gives up the lease: what is left of them may be adopted by others. */
  release(): void
}

/** A directory that is ours now. */
export interface AdoptedDirectory extends JournalDirectory {
  /** When it may be read, on the clock of `performance.now()`. */
  readonly readableAtMs: number
}

// Its writer may only have been frozen. Once it runs again it looks after a second at the latest whether its files are
// still its own; what it writes until then is there when we read.
const SETTLE_MS = 3_000

export function createAdoption(folder: string, ttlMs: number = LEASE_TTL_MS): Adoption {
  const watch = createLeaseWatch(folder, ttlMs)
  let self: string | undefined
  let undecided = 0
  const ownName = () => {
    if (self !== undefined && beatLease(folder, self)) return self
    const name = newWriterName()
    takeLease(folder, name)
    self = name
    return name
  }
  const claim = (directory: JournalDirectory, isReleased: boolean): readonly AdoptedDirectory[] => {
    try {
      // Nothing is in it: it needs no owner.
      rmdirSync(directory.path)
      return []
    } catch {
      const owner = ownName()
      const path = join(folder, `${directory.writer}@${owner}`)
      try {
        renameSync(directory.path, path)
      } catch {
        // Somebody else was faster.
        return []
      }
      const readableAtMs = performance.now() + (isReleased ? 0 : SETTLE_MS)
      return [{ path, writer: directory.writer, owner, readableAtMs }]
    }
  }
  return {
    adopt(isOwn) {
      undecided = 0
      const leases = new Set(listLeases(folder))
      const directories = listDirectories(folder).filter(({ owner }) => owner !== self && !isOwn(owner))
      const owners = new Set([...directories.map(({ owner }) => owner), ...leases])
      const dead = [...owners].filter((owner) => {
        if (owner === self || isOwn(owner)) return false
        const state = watch.look(owner)
        if (state === 'unknown') undecided += 1
        return state === 'dead'
      })
      return dead.flatMap((owner) => {
        const adopted = directories
          .filter((directory) => directory.owner === owner)
          .flatMap((directory) => claim(directory, !leases.has(owner)))
        releaseLease(folder, owner)
        watch.forget(owner)
        return adopted
      })
    },
    undecided: () => undecided,
    beat() {
      if (self !== undefined) beatLease(folder, self)
    },
    release() {
      if (self !== undefined) releaseLease(folder, self)
      self = undefined
    },
  }
}
