import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { type Arrow, findCircles } from './find-circles.ts'
import { APPLICATION_OWNED, ARROWS, PURE, WIRING } from './packages.ts'
import { readSource, type Import, type SourceFacts } from './read-source.ts'

/** A file of the repository, by its path from the root. */
export interface RepositoryFile {
  readonly path: string
  readonly text: string
}

interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

interface Package {
  /** `packages/core` */
  readonly folder: string
  readonly manifest: Manifest
  readonly declared: ReadonlySet<string>
}

/** The one place that knows which kinds of databases there are. */
const DATABASES = 'packages/store/src/databases/'

const SOURCE = /\.(ts|tsx|mts|js|mjs)$/

/** Where the files break the house's rules, one sentence each; empty when they do not. */
export function findViolations(files: readonly RepositoryFile[]): readonly string[] {
  const packages = files.filter(({ path }) => /^packages\/[^/]+\/package\.json$/.test(path)).map(readPackage)
  const sources = files.filter(({ path }) => SOURCE.test(path)).map(({ path, text }) => readSource(path, text))
  return [
    ...packages.flatMap(dependencyViolations),
    ...findCircles(sources.flatMap(arrowsWithin)),
    ...sources.flatMap((facts) => {
      const { path } = facts
      const owner = packages.find(({ folder }) => path.startsWith(`${folder}/`))
      const deep = facts.imports.flatMap(({ specifier }) => deepImport(specifier, path, packages))
      const own = owner === undefined ? [] : sourceViolations(owner, path, facts)
      return [...deep, ...own].map((violation) => `${path} ${violation}`)
    }),
  ]
}

/** What a file of a package's `src` imports of it. */
function arrowsWithin({ path, imports }: SourceFacts): readonly Arrow[] {
  const source = /^packages\/[^/]+\/src\//.exec(path)?.[0]
  if (source === undefined) return []
  return imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => ({ from: path, to: targetOf(specifier, path) }))
    .filter(({ to }) => to.startsWith(source))
}

function readPackage({ path, text }: RepositoryFile): Package {
  // npm refuses a package.json of another shape before any test runs.
  const manifest = JSON.parse(text) as Manifest
  const { name, dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
  const bundled = ARROWS[name]?.isBundled === true ? devDependencies : {}
  const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies, ...bundled }))
  return { folder: posix.dirname(path), manifest, declared }
}

function dependencyViolations({ folder, manifest, declared }: Package): readonly string[] {
  const { name, dependencies = {}, peerDependencies, optionalDependencies } = manifest
  const installed = { ...dependencies, ...peerDependencies, ...optionalDependencies }
  if (ARROWS[name] === undefined) return [`${folder}/package.json: ${name} is not in the table of packages`]
  const against = [...declared].filter(
    (dependency) => !mayImport(name, { specifier: dependency, typeOnly: !(dependency in installed) }),
  )
  const owned = Object.keys(dependencies).filter((dependency) => APPLICATION_OWNED.test(dependency))
  return [
    ...against.map((dependency) => `depends on "${dependency}"; ${permitted(name)}`),
    ...owned.map((dependency) => `depends on "${dependency}", which is the application's: make it a peer`),
  ].map((violation) => `${folder}/package.json ${violation}`)
}

function sourceViolations(
  { folder, manifest, declared }: Package,
  path: string,
  facts: SourceFacts,
): readonly string[] {
  const { name } = manifest
  const foreign = facts.imports.filter(({ specifier }) => !specifier.startsWith('.') && packageOf(specifier) !== name)
  const against = foreign.filter((imported) => !mayImport(name, imported))
  const undeclared = foreign.filter(({ specifier }) => !isBuiltin(specifier) && !declared.has(packageOf(specifier)))
  return [
    ...against.map(({ specifier }) => `imports "${specifier}"; ${permitted(name)}`),
    ...undeclared.map(({ specifier }) => `imports "${specifier}", which ${folder}/package.json does not declare`),
    ...facts.imports.flatMap(({ specifier }) => leaving(specifier, path, folder)),
    ...(name === PURE ? facts.hostUses.map((use) => `uses ${use}; ${PURE} is pure`) : []),
    ...(name === WIRING ? [] : facts.environmentReads.map((read) => `reads ${read}; only ${WIRING} does`)),
    ...(path.startsWith(DATABASES)
      ? []
      : facts.databaseNames.map((named) => `names the database "${named}"; only ${DATABASES} does`)),
    ...(facts.exportsAll ? ['exports *; list the names one by one'] : []),
    ...(facts.exportsDefault ? ['has a default export; name it'] : []),
  ]
}

function mayImport(name: string, { specifier, typeOnly }: Import): boolean {
  const arrows = ARROWS[name]
  if (arrows === undefined) return false
  if (isBuiltin(specifier)) return arrows.node
  const imported = packageOf(specifier)
  const isOurs = arrows.ours.some((entry) => entry === imported || entry === specifier)
  // A type of ours is gone at run time, and the dashboard knows only the HTTP API at run time.
  if (imported in ARROWS) return isOurs || (name === '@spanledger/dashboard' && typeOnly)
  return arrows.others === 'any' || arrows.others.includes(imported)
}

function permitted(name: string): string {
  const { ours, others, node } = ARROWS[name] ?? { ours: [], others: [], node: false }
  const named = [...ours, ...(others === 'any' ? ['any package of others'] : others), ...(node ? ['node:'] : [])]
  return `${name} may import ${named.length === 0 ? 'nothing' : named.join(', ')}`
}

function leaving(specifier: string, path: string, folder: string): readonly string[] {
  if (!specifier.startsWith('.') || targetOf(specifier, path).startsWith(`${folder}/`)) return []
  return [`imports "${specifier}", which is outside of ${folder}`]
}

// Public names are those that package.json exports. A package's own files may reach each other as they like.
function deepImport(specifier: string, path: string, packages: readonly Package[]): readonly string[] {
  const violation = (owner: Package): readonly string[] => [
    `imports "${specifier}"; use the names that ${owner.manifest.name} exports`,
  ]
  if (specifier.startsWith('.')) {
    const owner = packages.find(({ folder }) => targetOf(specifier, path).startsWith(`${folder}/`))
    return owner === undefined || path.startsWith('packages/') ? [] : violation(owner)
  }
  const owner = packages.find(({ manifest }) => manifest.name === packageOf(specifier))
  if (owner === undefined) return []
  const subpath = `.${specifier.slice(owner.manifest.name.length)}`
  return subpath in (owner.manifest.exports ?? {}) ? [] : violation(owner)
}

function targetOf(specifier: string, path: string): string {
  return posix.join(posix.dirname(path), specifier)
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
