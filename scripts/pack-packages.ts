import { execFile } from 'node:child_process'
import { access, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const SOURCE_CONDITION = '@spanledger/source'
const FROM_ROOT = ['LICENSE', 'README.md']

/** A path or a map of paths, as in `exports` and `bin`. */
type Target = string | null | undefined | { readonly [key: string]: Target }

interface Manifest {
  readonly [field: string]: unknown
  readonly name: string
  readonly private?: boolean
  readonly exports?: Target
  readonly bin?: Target
}

/** Packs every built public package under `root` into `folder`; returns the paths of the tarballs. */
export async function packPackages(root: string, folder: string): Promise<readonly string[]> {
  const work = await mkdtemp(join(tmpdir(), 'spanledger-pack-'))
  try {
    const copies = []
    for (const path of await publicPackages(root)) copies.push(await copyForPublishing(root, path, work))
    await mkdir(folder, { recursive: true })
    const names = await npmPack(copies, folder)
    return names.map((name) => join(folder, name))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function publicPackages(root: string): Promise<readonly string[]> {
  const paths = (await readdir(join(root, 'packages'))).toSorted().map((name) => join(root, 'packages', name))
  const manifests = await Promise.all(paths.map(readManifest))
  return paths.filter((_, index) => manifests[index]?.private !== true)
}

// npm packs package.json unchanged, so packages are packed from a copy.
async function copyForPublishing(root: string, path: string, work: string): Promise<string> {
  const copy = join(work, basename(path))
  const manifest = await readManifest(path)
  await requireBuilt(path, manifest)
  await cp(path, copy, { recursive: true, filter: (source) => basename(source) !== 'node_modules' })
  for (const name of FROM_ROOT) await copyFile(join(root, name), join(copy, name))
  await writeFile(join(copy, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`)
  return copy
}

async function requireBuilt(path: string, manifest: Manifest): Promise<void> {
  const targets = [...pathsOf(withoutSource(manifest.exports)), ...pathsOf(manifest.bin)]
  for (const target of targets) {
    await access(join(path, target)).catch((cause: unknown) => {
      throw new Error(`Cannot pack ${manifest.name}: ${target} is missing; run "npm run build" first`, { cause })
    })
  }
}

// Sources are packed for source maps only. Node does not run TypeScript under node_modules, so no export condition may
// point to them.
function publishedManifest(manifest: Manifest): Manifest {
  const { devDependencies: _, scripts: __, ...published } = manifest
  return { ...published, exports: withoutSource(manifest.exports) }
}

function withoutSource(target: Target): Target {
  if (typeof target !== 'object' || target === null) return target
  const kept = Object.entries(target).filter(([condition]) => condition !== SOURCE_CONDITION)
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutSource(value)]))
}

function pathsOf(target: Target): readonly string[] {
  if (typeof target === 'string') return [target]
  return Object.values(target ?? {}).flatMap(pathsOf)
}

async function readManifest(path: string): Promise<Manifest> {
  // npm refuses a package.json of any other shape.
  return JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as Manifest
}

async function npmPack(paths: readonly string[], folder: string): Promise<readonly string[]> {
  const flags = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder]
  const { stdout } = await promisify(execFile)('npm', [...flags, ...paths], { cwd: folder })
  // The documented output of `npm pack --json`.
  return (JSON.parse(stdout) as readonly { readonly filename: string }[]).map((packed) => packed.filename)
}
