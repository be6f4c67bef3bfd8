import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dashboardFolder } from '@spanledger/dashboard'

/** The folder of the page. Run from source it may not be built yet; everything else works without it. */
export function builtDashboard(): string | undefined {
  const folder = fileURLToPath(dashboardFolder)
  return existsSync(join(folder, 'index.html')) ? folder : undefined
}
