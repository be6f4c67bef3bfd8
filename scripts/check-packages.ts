/**
 * Packs the built packages and lints the tarballs: `publint` checks package.json and files, `attw` checks types under
 * every module resolution for ES modules. Exits 1 on any finding.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packPackages } from './pack-packages.ts'

const root = join(import.meta.dirname, '..')
const folder = await mkdtemp(join(tmpdir(), 'spanledger-check-'))

try {
  const tarballs = await packPackages(root, folder)
  const problems = (await Promise.all(tarballs.map(problemsOf))).flat()
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
  if (problems.length === 0)
    console.log(`publint and attw found no problems in ${tarballs.map((tarball) => basename(tarball)).join(', ')}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function problemsOf(tarball: string): Promise<readonly string[]> {
  const found = await Promise.all([publintProblems(tarball), attwProblems(tarball)])
  return found.flat().map((problem) => `${basename(tarball)}: ${problem}`)
}

async function publintProblems(tarball: string): Promise<readonly string[]> {
  const { buffer, byteOffset, byteLength } = await readFile(tarball)
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
    level: 'suggestion',
    strict: true,
  })
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
}

// Node 22.12 and later can require() an ES module, so there is no CommonJS build to check.
async function attwProblems(tarball: string): Promise<readonly string[]> {
  const attw = join(root, 'node_modules', '.bin', 'attw')
  const flags = ['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color', '--no-definitely-typed']
  return promisify(execFile)(attw, [tarball, ...flags]).then(
    ({ stdout }) => (stdout.includes('No types') ? [`attw: ${stdout}`] : []),
    (error: { readonly stdout?: string; readonly message: string }) => [`attw: ${error.stdout ?? ''}${error.message}`],
  )
}
