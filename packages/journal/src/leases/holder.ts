import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { errorCodeOf } from '@spanledger/core'

/** What a lease says of the process that holds it. */
export function ownHolder(): string {
  return `${placeOfProcesses()} ${process.pid}`
}

/**
 * Whether the process that holds a lease is certainly gone. False if it lives, if it ran where this process cannot look
 * (another machine, another container), or if the lease names none.
 */
export function isHolderGone(holder: string): boolean {
  const [, place, pid] = /^(\S+) (\d+)$/.exec(holder) ?? []
  if (place !== placeOfProcesses()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return errorCodeOf(error) === 'ESRCH'
  }
}

// Where a process id means the same process: one boot of one machine and, on Linux, one namespace of process ids.
function placeOfProcesses(): string {
  const boot = quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const namespace = quietly(() => readlinkSync('/proc/self/ns/pid'))
  return [encodeURIComponent(hostname()), process.platform, boot, namespace].join('/')
}

// Only Linux has these files.
function quietly(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
