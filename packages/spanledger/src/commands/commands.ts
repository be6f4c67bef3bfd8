import type { Command } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addCallsCommand } from './calls.ts'
import { addDemoCommand } from './demo.ts'
import { addDoctorCommand } from './doctor/doctor.ts'
import { addDrainCommand } from './drain.ts'
import { addExportCommand } from './export.ts'
import { addImportCommand } from './import.ts'
import { addMigrateCommand } from './migrate.ts'
import { addPricesCommand } from './prices/prices.ts'
import { addReportCommand } from './report.ts'
import { addRepriceCommand } from './reprice.ts'
import { addServeCommand } from './serve.ts'
import { addSpendCommand } from './spend.ts'
import { addTailCommand } from './tail.ts'
import { addTraceCommand } from './trace.ts'
import { addBudgetsCommand } from './budgets.ts'
import { addPruneCommand } from './prune.ts'
import { addRollupCommand } from './rollup.ts'

/** Adds one command to the program: its name, options and action. */
export type AddCommand = (program: Command, context: CliContext) => void

/** All commands, in the order of the help. To add one, add a file beside this one and a line here. */
export const COMMANDS: readonly AddCommand[] = [
  addDemoCommand,
  addServeCommand,
  addTailCommand,
  addReportCommand,
  addSpendCommand,
  addCallsCommand,
  addTraceCommand,
  addImportCommand,
  addExportCommand,
  addPricesCommand,
  addRepriceCommand,
  addBudgetsCommand,
  addPruneCommand,
  addRollupCommand,
  addDrainCommand,
  addMigrateCommand,
  addDoctorCommand,
]
