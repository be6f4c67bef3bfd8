import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * The version of an `ai` module of AI SDK 4 to 6 that this thread has loaded; undefined if there is none. Modules inside
 * a bundle are not seen.
 *
 * Node lists loaded ES modules nowhere, so V8's debugger is asked for its scripts. That takes some milliseconds for each
 * hundred of them, so this asks only where the application has such a version installed.
 */
export function loadedAIModule(): string | undefined {
  if (!isInstalled()) return undefined
  return versionIn(Object.keys(createRequire(import.meta.url).cache)) ?? versionIn(listScripts())
}

/** The version in an `ai` package's folder if it is of AI SDK 4 to 6. Throws if the folder has no package.json. */
export function majorFourToSix(folder: string): string | undefined {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string } // npm's own file
  const major = Number.parseInt(version ?? '', 10)
  return major >= 4 && major <= 6 ? version : undefined
}

function isInstalled(): boolean {
  const places = [`${process.cwd()}/`, process.argv[1]].filter((place) => place !== undefined)
  return places.some((place) => {
    try {
      const path = createRequire(pathToFileURL(place)).resolve('ai/package.json')
      return majorFourToSix(join(path, '..')) !== undefined
    } catch {
      return false
    }
  })
}

const IN_AI_MODULE = /^(.*[\\/]node_modules[\\/]ai)[\\/]/

function versionIn(paths: readonly string[]): string | undefined {
  const folders = new Set(paths.map((path) => IN_AI_MODULE.exec(path)?.[1]))
  for (const folder of folders) {
    if (folder === undefined) continue
    const version = majorFourToSix(folder.startsWith('file:') ? fileURLToPath(folder) : folder)
    if (version !== undefined) return version
  }
  return undefined
}

function listScripts(): readonly string[] {
  const urls: string[] = []
  // Not imported: on a Node without an inspector, that would end the application.
  const inspector = process.getBuiltinModule('node:inspector')
  const session = new inspector.Session()
  session.connect()
  try {
    session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url))
    session.post('Debugger.enable')
    session.post('Debugger.disable')
  } finally {
    session.disconnect()
  }
  return urls
}
