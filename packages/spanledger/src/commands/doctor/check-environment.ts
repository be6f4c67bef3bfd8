import { type Environment, readSettings } from '../../settings.ts'
import { bad, type Finding, good } from './check.ts'

/** What is wrong with the variables that are set. */
export function checkEnvironment(environment: Environment): readonly Finding[] {
  const { problems } = readSettings({}, environment)
  return problems.map((problem) =>
    bad(problem, 'the variable does not do what was meant', 'Set it as is said, or unset it'),
  )
}

/** Whether the environment asks for a part of the traces only; for where no process can be asked. */
export function checkSampler(environment: Environment): Finding {
  const { sampler, samplerArgument } = readSettings({}, environment)
  const isPart =
    sampler.endsWith('always_off') || (sampler.endsWith('traceidratio') && Number(samplerArgument ?? 1) < 1)
  if (!isPart) return good('Every trace is sampled')
  return bad(
    `OTEL_TRACES_SAMPLER is ${sampler}${samplerArgument === undefined ? '' : ` (${samplerArgument})`}`,
    'calls in traces that are not sampled never reach a server, and their cost is missing there',
    'Write usage in the application (register, UsageSpanProcessor), with recordUnsampled(sampler)',
  )
}
