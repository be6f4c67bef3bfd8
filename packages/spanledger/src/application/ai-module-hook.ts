import { readFileSync } from 'node:fs'
import { createRequire, register as registerHook } from 'node:module'
import { join } from 'node:path'
import { errorMessageOf } from '@spanledger/core'
import { instrumentAIModule } from '@spanledger/otel'
import { Hook as ImportHook } from 'import-in-the-middle'
import { register as registerSyncHook, supportsSyncHooks } from 'import-in-the-middle/register-hooks.mjs'
import type { Reporter } from '../reporter.ts'

type Exports = Record<string, unknown>

/**
 * Instruments the `ai` module of AI SDK 4 to 6 when it is loaded, by `import` or `require`. Works for modules loaded after
 * this call: all of them under `node --import spanledger/register`. It cannot reach a static import in the file that
 * calls `register()`, nor bundled code, which needs `withTelemetry()`.
 *
 * Returns a function that removes the hooks.
 */
export function hookAIModule(reporter: Reporter): () => void {
  try {
    hookImports()
    const importHook = new ImportHook(['ai'], (exports: Exports, _name: string, folder: string | void) => {
      if (isMajor4To6(folder)) Object.assign(exports, instrumentAIModule(exports))
    })
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

// Only `ai` is wrapped; by default the hooks wrap every module.
function hookImports(): void {
  const slot = globalThis as { [LOADER]?: true }
  if (slot[LOADER] === true) return
  slot[LOADER] = true
  if (supportsSyncHooks()) registerSyncHook({ include: ['ai'] })
  else registerHook('import-in-the-middle/hook.mjs', import.meta.url, { data: { include: ['ai'] } })
}

function isMajor4To6(folder: string | void): boolean {
  if (typeof folder !== 'string') return false
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string } // npm's own file
  const major = Number.parseInt(version ?? '', 10)
  return major >= 4 && major <= 6
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
