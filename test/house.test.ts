import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly type?: string
  readonly engines?: { readonly node?: string }
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

interface LockedPackage {
  readonly resolved?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const ROOT = join(import.meta.dirname, '..')
const FOLDERS = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`)
const PACKAGES = FOLDERS.map((folder) => JSON.parse(readText(`${folder}/package.json`)) as Manifest)
const LOCKFILES = foldersWithLockfile('')

// It fails after `npm ci --ignore-scripts`, which leaves no Node behind.
test('scripts run on the Node that npm brings, whatever is on PATH', () => {
  const [major = 0] = process.versions.node.split('.').map(Number)
  expect(major).toBeGreaterThanOrEqual(24)
})

describe('a fresh clone', () => {
  test.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE', 'collector-config.yaml', 'docker-compose.yml'])(
    'has %s',
    (name) => {
      expect(readText(name).length).toBeGreaterThan(200)
    },
  )

  // npm links the command of a workspace only if its file is there at install, so no build may make it.
  test('has the command of every package, executable, before anything is built', () => {
    const commands = PACKAGES.flatMap(({ bin = {} }, index) =>
      Object.values(bin).map((path) => join(FOLDERS[index]!, path)),
    )
    expect(commands).toEqual(['packages/spanledger/bin/spanledger.js'])
    for (const path of [...commands, '.ci/run']) {
      const mode = (statSync(join(ROOT, path)).mode & 0o777).toString(8)
      expect({ path, mode, ignored: isIgnored(path) }).toEqual({ path, mode: '755', ignored: false })
    }
  })

  test('publishes container ports on loopback only', () => {
    const ports = [...readText('docker-compose.yml').matchAll(/^ +- '?(\d[\d.:]+)'?/gm)].map((match) => match[1])
    expect(ports.length).toBeGreaterThan(3)
    expect(ports.filter((port) => !port?.startsWith('127.0.0.1:'))).toEqual([])
  })
})

describe('the packages', () => {
  test('share one version, and depend on each other at exactly that version', () => {
    const version = PACKAGES[0]?.version
    expect(version).toMatch(/^\d+\.\d+\.\d+/)
    expect(new Set(PACKAGES.map((manifest) => manifest.version))).toEqual(new Set([version]))

    const names = new Set(PACKAGES.map(({ name }) => name))
    const ranges = PACKAGES.flatMap(({ dependencies = {} }) => Object.entries(dependencies)).filter(([name]) =>
      names.has(name),
    )
    expect(new Set(ranges.map(([, range]) => range))).toEqual(new Set([version]))
  })

  test.each(PACKAGES)('$name is an ES module under the MIT licence for Node 22.13 and newer', (manifest) => {
    expect({ license: manifest.license, type: manifest.type, engines: manifest.engines }).toEqual({
      license: 'MIT',
      type: 'module',
      engines: { node: '>=22.13' },
    })
  })
})

describe.each(LOCKFILES)('the lockfile in "%s"', (folder) => {
  const { packages } = JSON.parse(readText(posix.join(folder, 'package-lock.json'))) as Lockfile

  test('names no registry, and npm is told not to write one', () => {
    const hosts = Object.values(packages).filter(({ resolved }) => resolved?.includes('://') === true)
    expect(hosts).toEqual([])
    expect(readText(posix.join(folder, '.npmrc'))).toContain('omit-lockfile-registry-resolved=true')
  })

  // npm leaves out, without a word, an optional dependency that the registry did not have, and `npm ci` then refuses
  // the whole lockfile. A version whose binaries exist for every platform is the cure.
  test('has every dependency of every package in it', () => {
    const missing = Object.entries(packages).flatMap(([location, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isLocked(packages, location, name))
        .map((name) => `${location} → ${name}`),
    )
    expect(missing).toEqual([])
  })
})

// As Node looks packages up: in node_modules of every folder above.
function isLocked(packages: Lockfile['packages'], location: string, name: string): boolean {
  const folders =
    location === '' ? [''] : location.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
  return ['', ...folders].some((folder) => posix.join(folder, 'node_modules', name) in packages)
}

function foldersWithLockfile(folder: string): readonly string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true })
  const below = entries.filter(
    (entry) => entry.isDirectory() && !/^(\.git|node_modules|dist|artifacts)$/.test(entry.name),
  )
  const own = entries.some(({ name }) => name === 'package-lock.json') ? [folder] : []
  return [...own, ...below.flatMap((entry) => foldersWithLockfile(posix.join(folder, entry.name)))]
}

function isIgnored(path: string): boolean {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', path], {
    cwd: ROOT,
  })
  return listed.toString().trim() !== path
}

function readText(path: string): string {
  return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : ''
}

test('installing with a Node that is too old prints no warning for each package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-install-'))
  try {
    const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, object> }
    const tooNew = Object.entries(lock.packages).map(([place, one]) => [place, { ...one, engines: { node: '>=99' } }])
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ ...lock, packages: Object.fromEntries(tooNew) as object }),
    )
    for (const path of ['package.json', '.npmrc', ...FOLDERS.map((name) => `${name}/package.json`)]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      copyFileSync(join(ROOT, path), join(folder, path))
    }
    const flags = ['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund']
    const { status, stderr } = spawnSync('npm', flags, { cwd: folder, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
