import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What an application's surroundings lack. */
export interface Lack {
  /** A package that nobody installed. */
  readonly package?: string
  /** A file of ours, by its path from the root, as when a bundler has moved it away. */
  readonly file?: string
}

const roots: string[] = []
afterAll(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true, maxRetries: 3 })
})

/** A copy of our sources beside the installed packages, with something missing; a root for `runApp`. */
export function rootWithout(lack: Lack): string {
  const root = mkdtempSync(join(tmpdir(), 'spanledger-root-'))
  roots.push(root)
  const ours = readdirSync(join(ROOT, 'packages'))
  for (const folder of [...ours.map((name) => `packages/${name}`), 'test/spanledger/apps']) {
    const filter = (path: string) => !/(node_modules|dist|bin)$/.test(path)
    cpSync(join(ROOT, folder), join(root, folder), { recursive: true, filter })
  }
  for (const name of installed()) if (name !== lack.package) link(join(ROOT, 'node_modules', name), root, name)
  for (const name of ours)
    link(join(root, 'packages', name), root, name === 'spanledger' ? name : `@spanledger/${name}`)
  if (lack.file !== undefined) rmSync(join(root, lack.file))
  return root
}

function installed(): readonly string[] {
  const names = readdirSync(join(ROOT, 'node_modules')).filter((name) => !name.startsWith('.'))
  return names
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(ROOT, 'node_modules', name)).map((part) => `${name}/${part}`) : [name],
    )
    .filter((name) => name !== 'spanledger' && !name.startsWith('@spanledger/'))
}

function link(target: string, root: string, name: string): void {
  const path = join(root, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
