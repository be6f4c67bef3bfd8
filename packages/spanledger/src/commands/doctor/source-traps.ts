/** A source file of the application, without its comments. */
export interface Source {
  /** Relative to the folder of the application. */
  readonly path: string
  readonly text: string
}

/** What can be read about an application without running it. */
export interface Application {
  /** Major version of the AI SDK; undefined if it is not installed. */
  readonly aiMajor: number | undefined
  readonly sources: readonly Source[]
  /** The text of `package.json`, `Dockerfile`, `Procfile` and `NODE_OPTIONS`. */
  readonly starts: string
}

/** A mistake in a source file that keeps calls from the ledger. */
export interface Trap {
  readonly isIn: (text: string, application: Application) => boolean
  readonly what: string
  readonly why: string
  readonly fix: string
}

const AI_SDK = /(?:from|require\(|import\()\s*['"]ai['"]/
const CALL = /\b(?:generateText|streamText|generateObject|streamObject|embed|embedMany)\(/g
const OPTION = /\bexperimental_telemetry\s*:\s*(?=\{)/g

export const TRAPS: readonly Trap[] = [
  {
    isIn: (text) => /new NodeSDK\(/.test(text) && /\btraceExporter\b/.test(text) && /\bspanProcessors\b/.test(text),
    what: 'NodeSDK has both traceExporter and spanProcessors',
    why: 'it silently ignores the exporter',
    fix: 'Add new BatchSpanProcessor(exporter) to spanProcessors instead',
  },
  {
    isIn: (text) => /\btelemetry:\s*\{[^}]*\bintegrations:/.test(text),
    what: 'A call sets its own telemetry.integrations',
    why: 'they replace all others for that call, so Spanledger does not see it',
    fix: 'Register integrations once for all calls, and remove them from the call',
  },
  {
    isIn: (text, application) => isMajor4To6(application) && partsAfter(OPTION, text).some(isSwitchedOff),
    what: 'experimental_telemetry without isEnabled: true',
    why: 'AI SDK 4 to 6 creates no spans for that call',
    fix: 'Use experimental_telemetry: withTelemetry({ … }), or add isEnabled: true',
  },
  {
    isIn: (text, application) =>
      isMajor4To6(application) &&
      AI_SDK.test(text) &&
      !isPreloaded(application) &&
      partsAfter(CALL, text).some(isUntold),
    what: 'A call without experimental_telemetry',
    why: 'AI SDK 4 to 6 creates no spans for it; spanledger/register turns them on only if it is loaded first and the code is not bundled',
    fix: 'Start with "node --import spanledger/register", or add experimental_telemetry: withTelemetry() to the call',
  },
  {
    isIn: (text, application) =>
      (application.aiMajor ?? 0) >= 7 && AI_SDK.test(text) && text.search(CALL) >= 0 && !isRegistered(application),
    what: 'AI SDK 7 is used, but no telemetry is registered',
    why: 'AI SDK 7 creates no spans until an integration is registered',
    fix: 'Start with "node --import spanledger/register", call register() of spanledger, or registerTelemetry(new OpenTelemetry()) of @ai-sdk/otel',
  },
  {
    isIn: (text) =>
      /\bnew TraceIdRatioBasedSampler\(|\btracesSampleRate:\s*0(?:\.\d+)?\b/.test(text) &&
      !/\brecordUnsampled\(/.test(text),
    what: 'Only some traces are sampled',
    why: 'calls in the other traces reach no ledger, so their cost is missing',
    fix: 'Wrap the sampler in recordUnsampled(sampler): every call counts, and no more traces are sent',
  },
]

function isMajor4To6({ aiMajor }: Application): boolean {
  return aiMajor !== undefined && aiMajor >= 4 && aiMajor <= 6
}

// Next.js bundles the application, so no hook sees the module.
function isPreloaded({ starts }: Application): boolean {
  return /spanledger\/register/.test(starts) && !/"next"\s*:/.test(starts)
}

function isRegistered({ starts, sources }: Application): boolean {
  const isIn = (text: string) =>
    /spanledger\/register|\bregisterTelemetry(?:Integration)?\(|['"]spanledger['"]/.test(text)
  return /spanledger\/register/.test(starts) || sources.some(({ text }) => isIn(text))
}

// The content of a spread or a variable is unknown here.
function isSwitchedOff(option: string): boolean {
  return /\bisEnabled\s*:\s*false\b/.test(option) || !(/\bisEnabled\b/.test(option) || option.includes('...'))
}

function isUntold(parameters: string): boolean {
  return /^\(\s*\{/.test(parameters) && !/\bexperimental_telemetry\b|\.\.\./.test(parameters)
}

/** The bracketed text that each match ends with, or that follows it; brackets included. */
function partsAfter(pattern: RegExp, text: string): readonly string[] {
  return [...text.matchAll(pattern)].map(({ index, 0: match }) => {
    const end = index + match.length
    return bracketed(text, match.endsWith('(') ? end - 1 : end)
  })
}

// Brackets inside strings are rare and mostly paired; an unpaired one only makes the part longer, so less is found.
function bracketed(text: string, start: number): string {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    if ('([{'.includes(text.charAt(at))) depth += 1
    else if (')]}'.includes(text.charAt(at))) depth -= 1
    if (depth === 0) return text.slice(start, at + 1)
  }
  return text.slice(start)
}
