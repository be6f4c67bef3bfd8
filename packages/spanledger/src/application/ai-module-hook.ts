import { createRequire, register as registerHook } from 'node:module'
import { errorMessageOf } from '@spanledger/core'
import { instrumentAIModule } from '@spanledger/otel'
import { Hook as ImportHook } from 'import-in-the-middle'
import { register as registerSyncHook, supportsSyncHooks } from 'import-in-the-middle/register-hooks.mjs'
import type { Reporter } from '../reporter.ts'
import { isInJest, mockAIModule } from './jest-module.ts'
import { loadedAIModule, majorFourToSix } from './loaded-ai-module.ts'

type Exports = Record<string, unknown>

/**
 * Instruments the `ai` module of AI SDK 4 to 6 when it is loaded, by `import` or `require`. Works for modules loaded after
 * this call: all of them under `node --import spanledger/register`. It cannot reach a static import in the file that
 * calls `register()`, which it warns of, nor bundled code, which needs `withTelemetry()`.
 *
 * Returns a function that removes the hooks.
 */
export function hookAIModule(reporter: Reporter, { isPreloaded }: { readonly isPreloaded: boolean }): () => void {
  try {
    if (isInJest()) {
      mockAIModule()
      return () => {}
    }
    // From the first hook on, no module is loaded unseen.
    if (hookImports() && !isPreloaded) warnIfLoaded(reporter)
    // `internals`: also where it was imported by its file.
    const importHook = new ImportHook(
      ['ai'],
      { internals: true },
      (exports: Exports, _name: string, folder: string | void) => {
        if (isMajor4To6(folder)) Object.assign(exports, instrumentAIModule(exports))
      },
    )
    const { Hook: RequireHook } = createRequire(import.meta.url)('require-in-the-middle') as {
      Hook: new (
        names: string[],
        onRequire: (exports: Exports, name: string, folder?: string) => Exports,
      ) => { unhook(): void }
    } // the package is CommonJS and has no types for this
    const requireHook = new RequireHook(['ai'], (exports, _name, folder) =>
      isMajor4To6(folder) ? withChanges(exports, instrumentAIModule(exports)) : exports,
    )
    return () => {
      importHook.unhook()
      requireHook.unhook()
    }
  } catch (error) {
    reporter.warn(
      'ai-module-hook',
      `Cannot instrument AI SDK 4 to 6 (${errorMessageOf(error)}); pass experimental_telemetry: withTelemetry() to each call`,
    )
    return () => {}
  }
}

// A loader cannot be removed, so the process remembers that it has one: `register` may be called again after a shutdown.
const LOADER = Symbol.for('spanledger.loader')

// By its name, or by its file: Vitest and other loaders resolve names themselves.
const AI_MODULE = ['ai', /\/node_modules\/ai\/dist\/index\.m?js$/]

// Only `ai` is wrapped; by default the hooks wrap every module. False if the process has the loader already.
function hookImports(): boolean {
  const slot = globalThis as { [LOADER]?: true }
  if (slot[LOADER] === true) return false
  slot[LOADER] = true
  if (supportsSyncHooks()) registerSyncHook({ include: AI_MODULE })
  else registerHook('import-in-the-middle/hook.mjs', import.meta.url, { data: { include: AI_MODULE } })
  return true
}

function warnIfLoaded(reporter: Reporter): void {
  let version: string | undefined
  try {
    version = loadedAIModule()
  } catch {
    // A Node without an inspector, or one that forbids it. What the hooks reach is recorded all the same.
  }
  if (version === undefined) return
  reporter.warn(
    'ai-module-loaded',
    `AI SDK ${version} was loaded before register(), so its calls are recorded only where they say experimental_telemetry: withTelemetry(). ` +
      "To record all of them, start with: node --import spanledger/register app.js; or load the code that imports 'ai' after register(), with await import()",
  )
}

function isMajor4To6(folder: string | void): boolean {
  return typeof folder === 'string' && majorFourToSix(folder) !== undefined
}

// CommonJS exports of AI SDK 4 to 6 are getters that cannot be redefined, so `require` returns a copy.
function withChanges(exports: Exports, changes: Exports): Exports {
  const copy: Exports = {}
  for (const name of Object.getOwnPropertyNames(exports)) {
    const property = name in changes ? { value: changes[name] } : { get: () => exports[name] }
    Object.defineProperty(copy, name, { enumerable: true, configurable: true, ...property })
  }
  return Object.defineProperty(copy, '__esModule', { value: true })
}
