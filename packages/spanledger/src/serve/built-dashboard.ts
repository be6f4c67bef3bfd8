import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dashboardFolder } from '@spanledger/dashboard'

/** The folder of the dashboard; undefined if it is not built, as may be when running from source. */
export function builtDashboard(): string | undefined {
  const folder = fileURLToPath(dashboardFolder)
  return existsSync(join(folder, 'index.html')) ? folder : undefined
}
