import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { instrumentAIModule } from '@spanledger/otel'
import { majorFourToSix } from './loaded-ai-module.ts'

type Exports = Record<string, unknown>

/** The part of Jest's object that replaces modules. */
interface Jest {
  mock(path: string, create: () => Exports): unknown
  unstable_mockModule(path: string, create: () => Exports): unknown
  requireActual(path: string): Exports
}

/** Whether Jest runs this code: its modules are not Node's, so no hook of Node sees them. */
export function isInJest(): boolean {
  return jestOf(import.meta) !== undefined
}

/**
 * Instruments the `ai` module of AI SDK 4 to 6 for a test file of Jest. Both `import` and `require` get the CommonJS
 * build with our changes.
 */
export function mockAIModule(): void {
  const jest = jestOf(import.meta)
  const manifest = manifestOfAI()
  if (jest === undefined || manifest === undefined || majorFourToSix(dirname(manifest)) === undefined) return
  const { main, module } = JSON.parse(readFileSync(manifest, 'utf8')) as { main: string; module: string } // of AI SDK 4 to 6
  const path = join(dirname(manifest), main)
  const create = () => {
    const exports = jest.requireActual(path)
    return { ...exports, ...instrumentAIModule(exports) }
  }
  jest.mock(path, () => ({ ...create(), __esModule: true }))
  jest.unstable_mockModule(join(dirname(manifest), module), create)
}

function jestOf(meta: object): Jest | undefined {
  return (meta as { jest?: Jest }).jest // Jest gives it to every ES module
}

function manifestOfAI(): string | undefined {
  try {
    // Of a file: the `createRequire` of Jest takes no folder.
    return createRequire(join(process.cwd(), 'package.json')).resolve('ai/package.json')
  } catch {
    return undefined
  }
}
