import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { errorCodeOf } from '@spanledger/core'

/** What a lease says of the process that holds it. */
export function ownHolder(): string {
  return `${placeOfProcesses() ?? ''} ${process.pid}`
}

/**
 * Whether the process that holds a lease is certainly gone. False if it lives, if it ran where this process cannot look
 * (another machine, another container), if this system cannot tell, or if the lease names none.
 */
export function isHolderGone(holder: string): boolean {
  const [, place, pid] = /^(\S+) (\d+)$/.exec(holder) ?? []
  if (place === undefined || place !== placeOfProcesses()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return errorCodeOf(error) === 'ESRCH'
  }
}

// Where a process id means the same process: one boot of one machine, and one namespace of process ids. Undefined where
// that cannot be known: only Linux has these files, and other machines may have the same name.
function placeOfProcesses(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return [encodeURIComponent(hostname()), boot, readlinkSync('/proc/self/ns/pid')].join('/')
  } catch {
    return undefined
  }
}
