import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addPricesCheckCommand } from './check.ts'
import { addPricesListCommand } from './list.ts'
import { addPricesRemoveCommand } from './remove.ts'
import { addPricesSetCommand } from './set.ts'
import { addPricesShowCommand } from './show.ts'
import { addPricesUpdateCommand } from './update.ts'

export function addPricesCommand(program: Command, context: CliContext): void {
  const prices = program
    .command('prices')
    .description('What models cost: published prices and your own.')
    .usage('<command> [options]')
  for (const addCommand of [
    addPricesListCommand,
    addPricesShowCommand,
    addPricesCheckCommand,
    addPricesSetCommand,
    addPricesRemoveCommand,
    addPricesUpdateCommand,
  ]) {
    addCommand(prices, context)
  }
}
