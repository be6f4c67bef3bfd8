import { errorMessageOf } from '@spanledger/core'
import { databaseName, parseDestination } from '../destination/destination.ts'
import { hidePasswords } from '../destination/split-userinfo.ts'
import type { Reporter } from '../reporter.ts'
import type { Settings, SettingsOptions } from '../settings.ts'
import { OPTION_NAMES, OPTION_VARIABLES, type OptionName, unknownOptions } from '../settings-names.ts'

const MAX_SHOWN = 100

/**
 * Compares the options of a later `register` with the settings in effect. The function that it returns warns, once for the
 * same options, and names each option that is ignored with the value in effect.
 */
export function createOptionCheck(
  settings: Settings,
  { isPreloaded }: { readonly isPreloaded: boolean },
  reporter: Reporter,
): (options: SettingsOptions) => void {
  const warned = new Set<string>()
  const problemsOf = (options: SettingsOptions): readonly string[] => {
    const ignored = OPTION_NAMES.filter(
      (name) => options[name] !== undefined && shown(name, options[name]) !== shown(name, inEffect(settings, name)),
    )
    return [
      ...unknownOptions(options),
      ...(ignored.length === 0 ? [] : [sentenceOf(ignored, { options, settings, isPreloaded })]),
    ]
  }
  return (options) => {
    try {
      for (const problem of problemsOf(options)) {
        if (warned.has(problem)) continue
        warned.add(problem)
        reporter.warn(problem, problem)
      }
    } catch (error) {
      reporter.warn('register', `the options of another register() cannot be read: ${errorMessageOf(error)}`)
    }
  }
}

interface Compared {
  readonly options: SettingsOptions
  readonly settings: Settings
  readonly isPreloaded: boolean
}

function sentenceOf(ignored: readonly OptionName[], { options, settings, isPreloaded }: Compared): string {
  const parts = ignored.map(
    (name) => `${name} ${cut(shown(name, options[name]))} (in effect: ${cut(shown(name, inEffect(settings, name)))})`,
  )
  const variables = ignored.map((name) => OPTION_VARIABLES[name]).join(' and ')
  const [first, fix] = isPreloaded
    ? [
        '--import spanledger/register has set this process up already',
        `Set ${variables} instead, or leave out the --import`,
      ]
    : ['register() was called before', 'Pass them to the first call']
  return `${first}, so these options are ignored: ${parts.join(', ')}. ${fix}`
}

function inEffect(settings: Settings, name: OptionName): unknown {
  return name === 'serviceName' ? (settings.serviceName ?? process.env[OPTION_VARIABLES.serviceName]) : settings[name]
}

// Two spellings of one database are the same value.
function shown(name: OptionName, value: unknown): string {
  if (value === undefined) return 'none'
  if (name === 'database' && typeof value === 'string') return `"${placeOf(value)}"`
  if (value instanceof URL) return `"${value.href}"`
  return JSON.stringify(value)
}

function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

function placeOf(database: string): string {
  try {
    return databaseName(parseDestination(database, process.cwd()))
  } catch {
    return hidePasswords(database)
  }
}
