import { linkSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { newWriterName } from '../folder/journal-folder.ts'
import { beatLease, createLeaseWatch, leasePath, releaseLease, takeLease } from './lease.ts'

/** Lets only one drain of a folder deliver at a time, across processes and machines. It is a lease, so that a dead holder loses it. */
export interface DrainLock {
  /** Takes the lock, or keeps it. True if it is ours now. */
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
  // Only one process can rename the file. By then it may be the lock of a living drain, which gets it back.
  const breakLock = () => {
    const judged = inodeOf(leasePath(folder, LOCK))
    const away = leasePath(folder, `${LOCK}.${newWriterName()}`)
    try {
      renameSync(leasePath(folder, LOCK), away)
      if (inodeOf(away) !== judged) linkSync(away, leasePath(folder, LOCK))
      unlinkSync(away)
    } catch {
      // Another process was faster.
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
