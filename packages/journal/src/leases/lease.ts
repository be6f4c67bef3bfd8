import { closeSync, openSync, readFileSync, statSync, unlinkSync, utimesSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { LEASE_SUFFIX } from '../folder/journal-folder.ts'
import { isHolderGone, ownHolder } from './holder.ts'

/** A lease that has not been renewed for this long has run out. */
export const LEASE_TTL_MS = 15_000
/** How often a lease is renewed. */
export const LEASE_BEAT_MS = 2_000

/** Takes a lease in a folder; throws if it is taken. */
export function takeLease(folder: string, owner: string): void {
  const file = openSync(leasePath(folder, owner), 'wx', 0o600)
  try {
    writeSync(file, ownHolder())
  } catch {
    // On a full disk it is a lease all the same; that its process is gone is then seen when it runs out.
  } finally {
    closeSync(file)
  }
}

/** Whether the process that took a lease is certainly gone, however lately it renewed the lease. */
export function isLeftBehind(folder: string, owner: string): boolean {
  try {
    return isHolderGone(readFileSync(leasePath(folder, owner), 'utf8'))
  } catch {
    return false
  }
}

/** Renews a lease; false if it is gone, because another process saw it run out. */
export function beatLease(folder: string, owner: string): boolean {
  try {
    const now = new Date()
    utimesSync(leasePath(folder, owner), now, now)
    return true
  } catch {
    return false
  }
}

/** Gives up a lease: what its owner has left may be adopted at once. */
export function releaseLease(folder: string, owner: string): void {
  try {
    unlinkSync(leasePath(folder, owner))
  } catch {
    // Gone already.
  }
}

/** Finds out which owners are dead, without comparing the clocks of different machines. */
export interface LeaseWatch {
  /**
   * `dead` if the lease or its process is gone, or if it has not changed for its time to live, by the clock of
   * this process. `renewed` if it has changed since it was first looked at. `unknown` if it has not been watched for long enough.
   */
  look(owner: string): 'dead' | 'renewed' | 'unknown'
  /** Forgets what was seen of an owner. */
  forget(owner: string): void
}

export function createLeaseWatch(folder: string, ttlMs: number = LEASE_TTL_MS): LeaseWatch {
  const seen = new Map<string, { mark: string; sinceMs: number; isRenewed: boolean }>()
  let lookedMs = performance.now()
  return {
    look(owner) {
      const now = performance.now()
      // This process was frozen, perhaps with all others, so that none could renew its lease.
      if (now - lookedMs > ttlMs / 2) seen.clear()
      lookedMs = now
      const mark = markOf(leasePath(folder, owner))
      if (mark === undefined || isLeftBehind(folder, owner)) return 'dead'
      const last = seen.get(owner)
      if (last?.mark !== mark) {
        seen.set(owner, { mark, sinceMs: now, isRenewed: last !== undefined })
        return last === undefined ? 'unknown' : 'renewed'
      }
      if (now - last.sinceMs >= ttlMs) return 'dead'
      return last.isRenewed ? 'renewed' : 'unknown'
    },
    forget: (owner) => void seen.delete(owner),
  }
}

/** Where a lease lies in a folder. */
export function leasePath(folder: string, owner: string): string {
  return join(folder, `${owner}${LEASE_SUFFIX}`)
}

function markOf(path: string): string | undefined {
  try {
    const { ino, mtimeNs } = statSync(path, { bigint: true })
    return `${ino}:${mtimeNs}`
  } catch {
    return undefined
  }
}
