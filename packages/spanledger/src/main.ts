import { createCliOutput } from './cli/output.ts'
import { runCli } from './program.ts'

// Node 22 warns that its SQLite is experimental; the user of a command cannot change that.
process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') console.error(`${warning.name}: ${warning.message}`)
})

const output = createCliOutput(process, process.env, () => process.exit(process.exitCode ?? 0))
process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  workingFolder: process.cwd(),
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  input: process.stdin,
  output,
  now: Date.now,
})
