/** Leaves installable tarballs of every public package in artifacts/. `npm run build && npm run pack` */
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { packPackages } from './pack-packages.ts'

const root = join(import.meta.dirname, '..')
const artifacts = join(root, 'artifacts')

try {
  // A tarball of an older version beside the new ones would be installed by a wildcard.
  await rm(artifacts, { recursive: true, force: true })
  for (const tarball of await packPackages(root, artifacts)) console.log(relative(root, tarball))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
