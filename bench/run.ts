import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// One process each, so that they do not affect each other.
for (const name of ['convert', 'path', 'store', 'journal', 'prices', 'redact']) {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(
    process.execPath,
    [
      '--conditions=@spanledger/source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
    ],
    { stdio: 'inherit' },
  )
  if (status !== 0) process.exitCode = 1
}
