import { type Command, Option } from 'commander'
import { UsageError } from './error.ts'

/** How rows are printed. */
export type Format = 'table' | 'json' | 'jsonl' | 'csv'

/** Adds `--format`; the first format is the default. */
export function addFormatOption<Known extends Format>(
  command: Command,
  formats: readonly [Known, ...Known[]],
): Command {
  const parse = (text: string): Known => {
    const format = formats.find((name) => name === text)
    if (format !== undefined) return format
    throw new UsageError(`Unknown format "${text}"; use ${formats.join(', ')}`)
  }
  return command.addOption(new Option('--format <name>', formats.join(', ')).argParser(parse).default(formats[0]))
}
