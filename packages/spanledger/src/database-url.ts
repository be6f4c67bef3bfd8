import { dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A database file, absolute. */
export interface FileDatabase {
  readonly path: string
  /** The folder is ours: `.spanledger`, which gets a `.gitignore` of its own. */
  readonly isOwnFolder: boolean
}

/** Reads `file:usage.db`, `file:/var/usage.db`, `file:///var/usage.db` or a plain path; throws for anything else. */
export function parseDatabaseUrl(url: string, workingFolder: string): FileDatabase {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'file') {
    throw new Error(
      `Cannot keep calls in "${hidePassword(url)}"; this version knows SQLite files: use file:usage.db or file:/path/to/usage.db`,
    )
  }
  const text = url.replace(/^file:/i, '')
  const path = text === ':memory:' || text === '' || text.endsWith('/') ? undefined : pathOf(url, text, workingFolder)
  if (path === undefined) {
    throw new Error(`The database "${url}" names no file; use file:usage.db or file:/path/to/usage.db`)
  }
  return { path, isOwnFolder: /(^|[\\/])\.spanledger$/.test(dirname(path)) }
}

function pathOf(url: string, text: string, workingFolder: string): string | undefined {
  if (!/^file:\/\//i.test(url)) return isAbsolute(text) ? text : resolve(workingFolder, text)
  try {
    return fileURLToPath(url)
  } catch {
    // A host, or escapes that no path can have.
    return undefined
  }
}

function hidePassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//…@')
}
