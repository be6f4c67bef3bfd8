import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

// In the order of README, without lines of a settings file. test/spanledger and test/otel-3 run them; test/backends runs the one of Next.js.
const FILES = [
  'examples/app/telemetry.ts',
  'examples/app/with-telemetry.ts',
  'examples/next/instrumentation.ts',
  'examples/app/node-sdk.ts',
  'examples/otel-3/node-sdk.mjs',
  'examples/app/who.ts',
  'examples/app/gate.ts',
]

test('every snippet of README is a file in examples, as it stands there', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code)
  expect(snippets).toEqual(FILES.map((file) => readFileSync(join(ROOT, file), 'utf8')))
})
