import { type Environment, readSettings } from '../../settings.ts'
import { bad, type Finding, good } from './check.ts'

/** Checks the environment variables. */
export function checkEnvironment(environment: Environment): readonly Finding[] {
  const { problems } = readSettings({}, environment)
  return problems.map((problem) =>
    bad(problem, 'the variable has no effect', 'Set it to one of these values, or unset it'),
  )
}

/** Checks the sampler of the environment; used when no test process runs. */
export function checkSampler(environment: Environment): Finding {
  const { sampler, samplerArgument } = readSettings({}, environment)
  const isPartial =
    sampler.endsWith('always_off') || (sampler.endsWith('traceidratio') && Number(samplerArgument ?? 1) < 1)
  if (!isPartial) return good('Every trace is sampled')
  return bad(
    `OTEL_TRACES_SAMPLER is ${sampler}${samplerArgument === undefined ? '' : ` (${samplerArgument})`}`,
    'calls in unsampled traces never reach a server, so their cost is missing there',
    'Record calls in the application (register, UsageSpanProcessor) with recordUnsampled(sampler)',
  )
}
