import { packageLacks } from './packaged-providers.ts'
import type { ProviderName } from './providers.ts'
import type { Scenario } from './scenario.ts'
import { FAILURE_SCENARIOS } from './scenarios/failures.ts'
import { MEDIA_SCENARIOS } from './scenarios/media.ts'
import { STRUCTURED_SCENARIOS } from './scenarios/structured.ts'
import { TEXT_SCENARIOS } from './scenarios/text.ts'
import { TOOL_SCENARIOS } from './scenarios/tools.ts'
import { USAGE_SCENARIOS } from './scenarios/usage.ts'
import { majorOf, type Variant } from './variants.ts'

/** Every way in which tests use the AI SDK. Names are unique. */
export const SCENARIOS: readonly Scenario[] = [
  ...TEXT_SCENARIOS,
  ...STRUCTURED_SCENARIOS,
  ...TOOL_SCENARIOS,
  ...FAILURE_SCENARIOS,
  ...USAGE_SCENARIOS,
  ...MEDIA_SCENARIOS,
]

/** The scenario of that name. */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((scenario) => scenario.name === name)
  if (scenario === undefined) {
    throw new Error(`Unknown scenario "${name}"; use ${SCENARIOS.map((scenario) => scenario.name).join(', ')}`)
  }
  return scenario
}

/** Whether a scenario exists for a dialect and a provider. */
export function applies(scenario: Scenario, variant: Variant, provider: ProviderName): boolean {
  const major = majorOf(variant)
  const isMeant = scenario.majors.includes(major) && scenario.providers.includes(provider)
  return isMeant && !packageLacks(provider, major, scenario.name)
}
