import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { namedPackages } from './named-packages.ts'

const ROOT = join(import.meta.dirname, '../..')
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .trim()
  .split('\n')
  .filter((path) => existsSync(join(ROOT, path)))
const LOCKFILES = FILES.filter((path) => path.endsWith('package-lock.json'))
// Tests are left out: this one plants commands that must not be found anywhere else.
const READ_BY_USERS = FILES.filter(
  (path) => !LOCKFILES.includes(path) && !/^test\/.*\.[cm]?[jt]s$|\.(?:png|woff2)$/.test(path),
)

// A name that nobody has registered can be registered by anybody, and is then installed by our users.
test('every package that the page, the messages and the documents tell a reader to install is ours or locked', () => {
  const known = knownPackages()
  const named = READ_BY_USERS.flatMap((path) => namedPackages(readText(path)).map((name) => ({ path, name })))

  expect(named).toContainEqual({ path: 'packages/dashboard/src/pages/snippets.ts', name: '@opentelemetry/sdk-node' })
  expect(named).toContainEqual({ path: 'packages/store/src/databases/postgres/pool.ts', name: 'pg' })
  expect(named.filter(({ name }) => !known.has(name))).toEqual([])
})

test('a planted package is not known', () => {
  const named = namedPackages('npm install spanledger @spanledger/not-there@1 pg')
  expect(named.filter((name) => !knownPackages().has(name))).toEqual(['@spanledger/not-there'])
})

describe('a command names', () => {
  test.each([
    ['npm install a', ['a']],
    ['npm i a @b/c@1.2.3 d@latest', ['a', '@b/c', 'd']],
    ['run: "npm install a", then `npm i b`', ['a', 'b']],
    ['npm ci && npm install a; npx b serve | npx c', ['a', 'b', 'c']],
    ['npm install \\\n  --omit=dev a \\\n  @b/c', ['a', '@b/c']],
    ["'npm install a\\nNext line'", ['a']],
    ['npm --silent install --prefix folder/of/it -D a', ['a']],
    ['npm install user/repository', ['user/repository']],
    ['<code>npx a demo</code>', ['a']],
    ['npx --yes @a/b@2 run c', ['@a/b']],
    ['npm exec a -- b', ['a']],
    ['Wait for it, or run npx a.', ['a']],
    ['pnpm add a b', ['a', 'b']],
    ['yarn add @a/b; bun add c; bunx d; pnpm dlx e', ['@a/b', 'c', 'd', 'e']],
    ['npm install ./a.tgz …/b/*.tgz /c ${API} file:d e    # comment', ['e']],
    ['npm ci; npm install; npm run a; npm test; an npm package', []],
  ])('%j', (text, names) => {
    expect(namedPackages(text)).toEqual(names)
  })
})

function knownPackages(): ReadonlySet<string> {
  const locked = LOCKFILES.flatMap((path) =>
    Object.keys((JSON.parse(readText(path)) as { readonly packages: object }).packages),
  )
  const names = locked.filter((location) => location.includes('node_modules/'))
  return new Set(
    names.map((location) => location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  )
}

function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
