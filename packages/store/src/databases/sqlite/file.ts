import { closeSync, existsSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCodeOf } from '@spanledger/core'

/** The path in a `file:` URL: `file:usage.db`, `file:./data/usage.db`, `file:///var/lib/usage.db`. */
export function pathOfUrl(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length)
}

/** Throws unless there is a file to open for reading. */
export function checkFile(path: string): void {
  if (!existsSync(path))
    throw new Error(`There is no database at ${resolve(path)}; name another file, or write calls to it first`)
  refuseFolder(path)
}

/**
 * Makes sure that a database can be opened for writing: creates a file that other users cannot read, unless there is one,
 * and a missing private folder, closed to other users and ignored by git. Any other missing folder is an error.
 */
export function ensureFile(path: string, { privateFolder }: { readonly privateFolder: boolean }): void {
  const folder = dirname(resolve(path))
  if (privateFolder) ensurePrivateFolder(folder)
  if (!existsSync(folder)) {
    throw new Error(`The folder ${folder} for the database is missing; create it (mkdir -p) or name a file elsewhere`)
  }
  refuseFolder(path)
  try {
    // SQLite would create a file that every user can read. Its -wal and -shm files inherit the mode.
    closeSync(openSync(path, 'ax', 0o600))
  } catch (cause) {
    if (!isCode(cause, 'EEXIST')) throw cannotCreate(path, cause)
  }
}

function ensurePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    if (!isCode(cause, 'EEXIST')) throw cannotCreate(folder, cause)
  }
}

function refuseFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${resolve(path)} is a folder; name a file in it, such as ${join(path, 'usage.db')}`)
  }
}

function cannotCreate(path: string, cause: unknown): Error {
  return new Error(
    `${resolve(path)} cannot be created; give this user write access to its folder, or name a file elsewhere`,
    {
      cause,
    },
  )
}

function isCode(error: unknown, code: string): boolean {
  return errorCodeOf(error) === code
}
