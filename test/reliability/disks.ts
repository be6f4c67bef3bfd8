import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { newFolder } from './start-app.ts'

/** Why no disk can be mounted here; nothing if one can. */
export const CANNOT_MOUNT = whyNot('mount', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-mount-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
  execFileSync('umount', [folder])
  rmSync(folder, { recursive: true })
})

/** Why no system call can be made to fail here; nothing if one can. */
export const CANNOT_INJECT = whyNot('strace', () => {
  execFileSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO:when=100', 'true'], {
    stdio: 'ignore',
  })
})

function whyNot(what: string, attempt: () => void): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return `SKIPPED, because ${what} does not work here: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}

const mounted: string[] = []
afterAll(() => {
  for (const folder of mounted.splice(0)) execFileSync('umount', ['-l', folder])
})

/** A disk of its own, which goes with the tests of the file. */
export function mountDisk(megabytes: number): string {
  const folder = newFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=777`, 'tmpfs', folder])
  mounted.push(folder)
  chmodSync(folder, 0o777)
  return folder
}

/** Makes a disk read-only or not; fails while a file on it is open for writing. */
export function remount(folder: string, mode: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${mode}`, folder])
}
