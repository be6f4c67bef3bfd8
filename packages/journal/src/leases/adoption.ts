import { renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { type JournalDirectory, listDirectories, listLeases, newWriterName } from '../folder/journal-folder.ts'
import { beatLease, createLeaseWatch, isLeftBehind, LEASE_TTL_MS, releaseLease, takeLease } from './lease.ts'

/** Finds what dead processes have left in a journal folder, and adopts it. */
export interface Adoption {
  /** Looks around once, and returns what was adopted. `isOwn` says which writers belong to this process. */
  adopt(isOwn: (owner: string) => boolean): readonly AdoptedDirectory[]
  /** How many owners may be dead or alive: their lease has neither run out nor been renewed since it was first looked at. */
  undecided(): number
  /** Renews the lease that protects adopted directories. */
  beat(): void
  /** Gives up the lease: others may adopt what is left. */
  release(): void
}

/** A directory that this process has adopted. */
export interface AdoptedDirectory extends JournalDirectory {
  /** When it may be read, on the clock of `performance.now()`. */
  readonly readableAtMs: number
}

// Its writer may only have been frozen. When it runs again, it checks within a second whether its files are still its own.
// What it writes until then is there when the directory is read.
const SETTLE_MS = 3_000

export function createAdoption(folder: string, ttlMs: number = LEASE_TTL_MS): Adoption {
  const watch = createLeaseWatch(folder, ttlMs)
  let self: string | undefined
  let undecided = 0

  // A lease of our own, which is taken with the first directory.
  const ownName = () => {
    if (self !== undefined && beatLease(folder, self)) return self
    const name = newWriterName()
    takeLease(folder, name)
    self = name
    return name
  }

  const isDead = (owner: string) => {
    const state = watch.look(owner)
    if (state === 'unknown') undecided += 1
    return state === 'dead'
  }

  return {
    adopt(isOwn) {
      undecided = 0
      const isOther = (owner: string) => owner !== self && !isOwn(owner)
      const leases = new Set(listLeases(folder))
      const directories = listDirectories(folder).filter(({ owner }) => isOther(owner))
      const owners = new Set([...directories.map(({ owner }) => owner), ...leases])
      const dead = [...owners].filter((owner) => isOther(owner) && isDead(owner))
      return dead.flatMap((owner) => {
        const settleMs = leases.has(owner) && !isLeftBehind(folder, owner) ? SETTLE_MS : 0
        const adopted = directories
          .filter((directory) => directory.owner === owner)
          .flatMap((directory) => claim(folder, directory, { ownName, settleMs }))
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

interface Claim {
  readonly ownName: () => string
  readonly settleMs: number
}

// Empty if there was nothing to adopt, or another process was faster.
function claim(folder: string, { path, writer }: JournalDirectory, { ownName, settleMs }: Claim): AdoptedDirectory[] {
  if (isRemoved(path)) return []
  const owner = ownName()
  const adoptedPath = join(folder, `${writer}@${owner}`)
  try {
    renameSync(path, adoptedPath)
  } catch {
    return []
  }
  return [{ path: adoptedPath, writer, owner, readableAtMs: performance.now() + settleMs }]
}

// An empty directory needs no owner.
function isRemoved(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch {
    return false
  }
}
