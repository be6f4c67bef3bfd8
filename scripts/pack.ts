/** Packs every public package into artifacts/. `npm run build && npm run pack` */
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { packPackages } from './pack-packages.ts'

const root = join(import.meta.dirname, '..')
const artifacts = join(root, 'artifacts')

try {
  // A wildcard would also install tarballs of an older version.
  await rm(artifacts, { recursive: true, force: true })
  for (const tarball of await packPackages(root, artifacts)) console.log(relative(root, tarball))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
