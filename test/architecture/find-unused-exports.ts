import { parseSync } from 'rolldown/utils'
import type { RepositoryFile } from './find-violations.ts'

/** The values that the index of a package exports although nothing outside of the package uses or describes them. */
export function findUnusedExports(
  files: readonly RepositoryFile[],
  described: Readonly<Record<string, Readonly<Record<string, string>>>>,
): readonly string[] {
  const texts = files.filter(({ path }) => path.endsWith('.md')).map(({ text }) => text)
  const users = files.filter(isUser).map(readNames)
  return files
    .filter(({ path }) => INDEX.test(path))
    .flatMap((index) => {
      const folder = index.path.replace('/src/index.ts', '')
      const name = nameOf(folder)
      const others = users.filter(({ path }) => !path.startsWith(`${folder}/`))
      return readNames(index)
        .exported.filter((value) => described[name]?.[value] === undefined)
        .filter((value) => !others.some(({ uses }) => uses(name, value)))
        .filter((value) => !texts.some((text) => new RegExp(`\\b${value}\\b`).test(text)))
        .map((value) => `${name} exports ${value}, which nothing outside of ${folder} uses or describes`)
    })
}

const INDEX = /^packages\/[^/]+\/src\/index\.ts$/

interface Names {
  readonly path: string
  /** The values that the file exports. */
  readonly exported: readonly string[]
  readonly uses: (specifier: string, name: string) => boolean
}

// A test is not a user: what only tests import belongs to an entry of its own.
function isUser({ path }: RepositoryFile): boolean {
  return /^(packages|examples)\/.*\.(ts|tsx|mts|js|mjs)$/.test(path)
}

function nameOf(folder: string): string {
  const name = folder.replace('packages/', '')
  return name === 'spanledger' ? name : `@spanledger/${name}`
}

function readNames({ path, text }: RepositoryFile): Names {
  const { module } = parseSync(path, text)
  const exports = module.staticExports.flatMap(({ entries }) => entries)
  const imported = new Set([
    ...module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries.map(({ importName }) => `${moduleRequest.value} ${importName.name}`),
    ),
    ...exports.map(({ moduleRequest, importName }) => `${moduleRequest?.value} ${importName.name}`),
  ])
  return {
    path,
    exported: exports.filter(({ isType }) => !isType).flatMap(({ exportName }) => exportName.name ?? []),
    // The names that `await import('…')` takes are read later, so any mention of one counts.
    uses: (specifier, name) =>
      imported.has(`${specifier} ${name}`) ||
      (text.includes(`import('${specifier}')`) && new RegExp(`\\b${name}\\b`).test(text)),
  }
}
