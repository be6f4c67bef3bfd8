import { linkSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { newWriterName } from '../folder/journal-folder.ts'
import { beatLease, createLeaseWatch, leasePath, releaseLease, takeLease } from './lease.ts'

/** Lets one drain of a folder at a time deliver, across processes and machines; by a lease, so that a dead holder does not keep it. */
export interface DrainLock {
  /** True if it is ours now. */
  take(): boolean
  isHeld(): boolean
  beat(): void
  release(): void
}

const LOCK = 'drain'

export function createDrainLock(folder: string, ttlMs: number): DrainLock {
  const watch = createLeaseWatch(folder, ttlMs)
  let isHeld = false
  let ino = 0
  // The name goes to whoever renames it first; what was renamed may by then be the lock of a living drain, which gets it back.
  const breakLock = () => {
    const judged = inodeOf(leasePath(folder, LOCK))
    const away = leasePath(folder, `${LOCK}.${newWriterName()}`)
    try {
      renameSync(leasePath(folder, LOCK), away)
      if (inodeOf(away) !== judged) linkSync(away, leasePath(folder, LOCK))
      unlinkSync(away)
    } catch {
      // Somebody else was faster.
    }
  }
  const isOurs = () => isHeld && inodeOf(leasePath(folder, LOCK)) === ino
  return {
    take() {
      if (isOurs()) return true
      isHeld = false
      try {
        takeLease(folder, LOCK)
        ino = inodeOf(leasePath(folder, LOCK))
        isHeld = true
      } catch {
        if (watch.look(LOCK) === 'dead') breakLock()
      }
      return isHeld
    },
    isHeld: () => isHeld,
    beat() {
      if (isHeld) beatLease(folder, LOCK)
    },
    release() {
      if (isOurs()) releaseLease(folder, LOCK)
      isHeld = false
    },
  }
}

function inodeOf(path: string): number {
  try {
    return statSync(path).ino
  } catch {
    return 0
  }
}
