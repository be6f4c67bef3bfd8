import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCallsCommand } from './calls.ts'
import { addExportCommand } from './export.ts'
import { addImportCommand } from './import.ts'
import { addPricesCommand } from './prices/prices.ts'
import { addReportCommand } from './report.ts'
import { addRepriceCommand } from './reprice.ts'

/** Adds one command to the program: its name, its options, what it does. */
export type AddCommand = (program: Command, context: CliContext) => void

/** Every command, in the order of the help. A new one is a file beside this one and a line here. */
export const COMMANDS: readonly AddCommand[] = [
  addReportCommand,
  addCallsCommand,
  addImportCommand,
  addExportCommand,
  addPricesCommand,
  addRepriceCommand,
]
