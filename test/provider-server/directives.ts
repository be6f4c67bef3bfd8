import type { Ending, Scenario, ScriptedUsage } from './scenario.ts'

/** Turns the value of a directive into what it adds; called once per directive, left to right. */
type Directive = (value: string, scenario: Scenario) => Scenario

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  text: (value) => (value === '' ? { toolCalls: [] } : { toolCalls: [], text: value.replaceAll('_', ' ') }),
  long: (value) => ({ text: 'word '.repeat(Number(value || 500)).trim() }),
  reasoning: (value) => ({ reasoning: value === '' ? 'First I think, then I answer.' : value.replaceAll('_', ' ') }),
  tools: (value) => ({ toolCalls: value.split(',').map((name) => ({ name })) }),
  rounds: (value) => ({ toolRounds: Number(value) }),
  'unknown-tool': () => ({ toolCalls: [{ name: 'noSuchTool', arguments: {} }] }),
  'invalid-arguments': () => ({ toolCalls: [{ arguments: '{"broken": ' }] }),
  'invalid-json': () => ({ objectFault: 'invalid-json' }),
  'wrong-shape': () => ({ objectFault: 'wrong-shape' }),
  input: (value, scenario) => addUsage(scenario, { inputTokens: Number(value) }),
  cached: (value, scenario) => addUsage(scenario, { cacheReadTokens: Number(value) }),
  'cache-write': (value, scenario) => addUsage(scenario, { cacheWriteTokens: Number(value) }),
  'cache-write-1h': (value, scenario) => addUsage(scenario, { cacheWrite1hTokens: Number(value) }),
  output: (value, scenario) => addUsage(scenario, { outputTokens: Number(value) }),
  'reasoning-tokens': (value, scenario) => addUsage(scenario, { reasoningTokens: Number(value) }),
  'no-usage': () => ({ usage: 'none' }),
  tier: (value) => ({ serviceTier: value }),
  model: (value) => ({ model: value }),
  finish: (value) => ({ finishReason: value }),
  delay: (value) => ({ delayMs: Number(value) }),
  slow: (value) => ({ chunkDelayMs: Number(value) }),
  stall: endingDirective('stall'),
  break: endingDirective('break'),
  'error-part': endingDirective('error'),
  'error-part-then-finish': endingDirective('error-then-finish'),
  400: errorDirective(400),
  401: errorDirective(401),
  429: errorDirective(429),
  500: errorDirective(500),
  529: errorDirective(529),
}

const NAMES = Object.keys(DIRECTIVES)

/** What a request itself says about its answer: its model id without directives, and the scenario that they spell. */
export interface DirectedModel {
  readonly model: string
  readonly scenario: Scenario
}

/**
 * Reads `[[scenario: tools=getWeather slow=20]]` in the text and `gpt-5+slow=20` in the model id.
 * Throws when a directive is unknown.
 */
export function parseDirectives(model: string, text: string): DirectedModel {
  const [baseModel = '', ...ofModel] = model.split('+')
  const ofText = [...text.matchAll(/\[\[scenario:([^\]]*)\]\]/g)].flatMap(([, words = '']) => words.trim().split(/\s+/))
  const scenario = [...ofModel, ...ofText].filter((word) => word !== '').reduce<Scenario>(applyDirective, {})
  return { model: baseModel, scenario }
}

function applyDirective(scenario: Scenario, word: string): Scenario {
  const [name = '', ...rest] = word.split('=')
  const directive = DIRECTIVES[name]
  if (directive === undefined) throw new Error(`Unknown directive "${name}"; use one of ${NAMES.join(', ')}`)
  return { ...scenario, ...directive(rest.join('='), scenario) }
}

function addUsage(scenario: Scenario, usage: ScriptedUsage): Scenario {
  return { usage: scenario.usage === 'none' ? 'none' : { ...scenario.usage, ...usage } }
}

function endingDirective(kind: Ending['kind']): Directive {
  return (value) => ({ ending: value === '' ? { kind } : { kind, after: Number(value) } })
}

function errorDirective(status: number): Directive {
  return (value) => ({ error: value === '' ? { status } : { status, times: Number(value) } })
}
