import type { ProviderApi } from './provider-call.ts'
import type { ProviderRequest } from './provider-request.ts'
import type { Scenario } from './scenario.ts'

/** Which requests are meant; every member that is given must hold. A string must be equal, a pattern must match. */
export type RequestMatcher =
  | ((request: ProviderRequest) => boolean)
  | {
      readonly provider?: string | undefined
      readonly api?: ProviderApi | undefined
      readonly model?: string | RegExp | undefined
      readonly text?: string | RegExp | undefined
      readonly stream?: boolean | undefined
    }

/** The answer, or a function that decides by the request; `undefined` leaves the request to the next script. */
export type ScenarioHandler = Scenario | ((request: ProviderRequest) => Scenario | undefined)

/** Decides which scenario answers a request. */
export interface ScenarioBook {
  /** Answers every matching request, before older scripts. Returns what takes it back. */
  script(matcher: RequestMatcher, handler: ScenarioHandler): () => void
  /** Answers one matching request, in the order of the calls, before any script. */
  next(scenario: Scenario, matcher?: RequestMatcher): void
  /** `directed` is what the request itself asks for; it holds when nothing was scripted. */
  pick(request: ProviderRequest, directed: Scenario): Scenario
  clear(): void
}

/** Keeps scripts in memory. */
export function createScenarioBook(): ScenarioBook {
  let scripts: { readonly matcher: RequestMatcher; readonly handler: ScenarioHandler }[] = []
  let queue: { readonly matcher: RequestMatcher; readonly scenario: Scenario }[] = []
  const refusals = new Map<string, number>()

  return {
    script(matcher, handler) {
      const entry = { matcher, handler }
      scripts.unshift(entry)
      return () => {
        scripts = scripts.filter((other) => other !== entry)
      }
    },
    next(scenario, matcher = {}) {
      queue.push({ matcher, scenario })
    },
    pick(request, directed) {
      return afterRefusals(queued(request) ?? scripted(request) ?? directed, request)
    },
    clear() {
      scripts = []
      queue = []
      refusals.clear()
    },
  }

  function queued(request: ProviderRequest): Scenario | undefined {
    const entry = queue.find(({ matcher }) => matches(matcher, request))
    queue = queue.filter((other) => other !== entry)
    return entry?.scenario
  }

  function scripted(request: ProviderRequest): Scenario | undefined {
    for (const { matcher, handler } of scripts) {
      if (!matches(matcher, request)) continue
      const scenario = typeof handler === 'function' ? handler(request) : handler
      if (scenario !== undefined) return scenario
    }
    return undefined
  }

  // A retry sends the same body again, so the body is what tells a retry from the next request.
  function afterRefusals(scenario: Scenario, request: ProviderRequest): Scenario {
    const times = scenario.error?.times
    if (times === undefined) return scenario
    const key = `${request.provider} ${request.path} ${JSON.stringify(request.body)}`
    const refused = refusals.get(key) ?? 0
    if (refused < times) {
      refusals.set(key, refused + 1)
      return scenario
    }
    refusals.delete(key)
    return { ...scenario, error: undefined }
  }
}

function matches(matcher: RequestMatcher, request: ProviderRequest): boolean {
  if (typeof matcher === 'function') return matcher(request)
  return (
    (matcher.provider === undefined || matcher.provider === request.provider) &&
    (matcher.api === undefined || matcher.api === request.api) &&
    (matcher.stream === undefined || matcher.stream === request.stream) &&
    fits(matcher.model, request.model) &&
    fits(matcher.text, request.userText)
  )
}

function fits(expected: string | RegExp | undefined, actual: string): boolean {
  if (expected === undefined) return true
  return typeof expected === 'string' ? expected === actual : expected.test(actual)
}
