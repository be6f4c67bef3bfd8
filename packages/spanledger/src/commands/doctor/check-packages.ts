import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hasWalResetBug } from '../../destination/sqlite-build.ts'
import { bad, type Finding, good, unknown } from './check.ts'

const API = '@opentelemetry/api'

interface Installed {
  readonly version: string
  readonly folder: string
}

/** Checks the packages that are installed for the application, and whether they are compatible. */
export function checkPackages(folder: string): readonly Finding[] {
  return [checkNode(), checkSqlite(), checkApi(folder), checkAISdk(folder)]
}

/** The major version of the application's AI SDK; undefined if it is not installed. */
export function aiMajorOf(folder: string): number | undefined {
  const ai = installed('ai', folder)
  return ai === undefined ? undefined : Number(ai.version.split('.')[0])
}

function checkNode(): Finding {
  const version = process.versions.node
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 13)) return good(`Node ${version}`)
  return bad(`Node ${version}`, 'it has no SQLite module that Spanledger can use', 'Use Node 22.13 or newer')
}

function checkSqlite(): Finding {
  const version = process.versions['sqlite']
  if (version === undefined) return unknown('This Node does not report its SQLite version')
  if (!hasWalResetBug(version)) return good(`SQLite ${version}`)
  return bad(
    `SQLite ${version} can lose rows when several processes write to one file`,
    'it has the WAL-reset bug: processes of an application take turns, and a server must be the only writer of its file',
    'Use Node 24.15 or newer, or Postgres',
  )
}

// A caller may use an older copy than the registered one, but not a newer one: a newer copy silently finds nothing.
function checkApi(folder: string): Finding {
  const copies = copiesOf(API, folder)
  const [own] = copies
  if (own === undefined) {
    return bad(
      `${API} is not installed`,
      'no spans are created without it',
      `npm install ${API} @opentelemetry/sdk-node`,
    )
  }
  const newer = copies.find((copy) => minorOf(copy.version) > minorOf(own.version))
  if (newer !== undefined) {
    return bad(
      `${API} is installed twice: ${own.version}, and ${newer.version} in ${dirname(dirname(newer.folder))}`,
      'packages that use the newer copy create no spans',
      `Install one copy: "overrides": { "${API}": "${newer.version}" } in package.json`,
    )
  }
  return good(`${API} ${own.version}${copies.length === 1 ? '' : ` (${copies.length} compatible copies)`}`)
}

function checkAISdk(folder: string): Finding {
  const ai = installed('ai', folder)
  if (ai === undefined) return unknown('The AI SDK (package "ai") is not installed here')
  if ((aiMajorOf(folder) ?? 0) < 7) return good(`ai ${ai.version}`)
  const otel = installed('@ai-sdk/otel', folder)
  if (otel !== undefined) return good(`ai ${ai.version} with @ai-sdk/otel ${otel.version}`)
  return bad(
    `ai ${ai.version} without @ai-sdk/otel`,
    'AI SDK 7 creates no spans until an integration is registered',
    'npm install @ai-sdk/otel',
  )
}

/** The package that the application resolves: in this folder or one above. */
function installed(name: string, folder: string): Installed | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = manifestIn(join(at, 'node_modules', name))
    if (found !== undefined || dirname(at) === at) return found
  }
}

/** The application's own copy first, then the copies nested in other packages. */
function copiesOf(name: string, folder: string): readonly Installed[] {
  const own = installed(name, folder)
  if (own === undefined) return []
  const modules = own.folder.slice(0, -name.length - 1)
  const nested = packagesIn(modules).flatMap((path) => manifestIn(join(path, 'node_modules', name)) ?? [])
  return [own, ...nested]
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(modules, name)).map((part) => join(modules, name, part))
      : [join(modules, name)],
  )
}

function manifestIn(folder: string): Installed | undefined {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return undefined
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: string } // npm wrote it
  return { version: version ?? '0', folder }
}

function minorOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}
