import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dashboardFolder } from '@spanledger/dashboard'
import type { CliContext } from '../cli/context.ts'

/** The folder of the dashboard; undefined, with a note, if it is not built, as may be when running from source. */
export function builtDashboard({ output }: CliContext): string | undefined {
  const folder = fileURLToPath(dashboardFolder)
  if (existsSync(join(folder, 'index.html'))) return folder
  output.note('The dashboard is not built, so there is no page: stop, run npm run build, and start again')
  return undefined
}
