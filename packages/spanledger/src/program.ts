import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import type { CliContext } from './cli/context.ts'
import { sentenceOf, UsageError } from './cli/error.ts'
import { COMMANDS } from './commands/commands.ts'

const DONE = 0
const FAILED = 1
const WRONG_USAGE = 2

/** Runs the command with these arguments and returns its exit code: 0 done, 1 failed, 2 wrong usage. Never rejects. */
export async function runCli(commandArguments: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(commandArguments, { from: 'user' })
    return DONE
  } catch (error) {
    // Commander has printed its own errors, and also throws after help and version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE
    context.output.error(sentenceOf(error))
    return error instanceof UsageError ? WRONG_USAGE : FAILED
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('spanledger')
    .description('Every AI call on standard telemetry rails, and one exact usage row per call in your own database.')
    .version(readVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print the commands and options')
    .exitOverride()
    .showHelpAfterError('Add --help to see the commands and options.')
    .configureOutput({ writeErr: (text) => context.output.note(text.trimEnd()) })
    .addHelpText(
      'after',
      `
Examples:
  spanledger report                        what each model cost in the last 30 days
  spanledger report --by user --since 7d   the same for each user, in the last 7 days
  spanledger calls --status error          the newest calls that failed
  spanledger import spans.json             OTLP JSON, as the Collector writes it

Exit code 0: done, 1: failed, 2: wrong usage.`,
    )
  for (const addCommand of COMMANDS) addCommand(program, context)
  return program
}

// `package.json` is one level above both `src` and `dist`.
function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string } // ours
  return manifest.version
}
