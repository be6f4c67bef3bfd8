/** A file of the application, without its comments. */
export interface Source {
  /** From the folder of the application. */
  readonly path: string
  readonly text: string
}

/** What is known of an application without running it. */
export interface Application {
  /** Major version of the AI SDK; nothing if it is not installed. */
  readonly aiMajor: number | undefined
  readonly sources: readonly Source[]
  /** How it is started: `package.json`, `Dockerfile`, `NODE_OPTIONS`. */
  readonly starts: string
}

/** Something that keeps calls from the ledger and can be seen in a file. */
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
    why: 'it ignores the exporter, silently',
    fix: 'Put new BatchSpanProcessor(exporter) into spanProcessors instead',
  },
  {
    isIn: (text) => /\btelemetry:\s*\{[^}]*\bintegrations:/.test(text),
    what: 'A call names its own telemetry.integrations',
    why: 'they take the place of all others for that call, so Spanledger does not see it',
    fix: 'Register integrations once, for all calls, and leave them out there',
  },
  {
    isIn: (text, application) => isMajor4To6(application) && partsAfter(OPTION, text).some(isSwitchedOff),
    what: 'experimental_telemetry without isEnabled: true',
    why: 'AI SDK 4 to 6 makes no spans for that call',
    fix: 'experimental_telemetry: withTelemetry({ … }), or isEnabled: true in it',
  },
  {
    isIn: (text, application) =>
      isMajor4To6(application) &&
      AI_SDK.test(text) &&
      !isPreloaded(application) &&
      partsAfter(CALL, text).some(isUntold),
    what: 'A call without experimental_telemetry',
    why: 'AI SDK 4 to 6 makes no spans for it, and spanledger/register turns them on only where it is loaded first and nothing is bundled',
    fix: 'Start with "node --import spanledger/register", or add experimental_telemetry: withTelemetry() to the call',
  },
  {
    isIn: (text, application) =>
      (application.aiMajor ?? 0) >= 7 && AI_SDK.test(text) && text.search(CALL) >= 0 && !isRegistered(application),
    what: 'AI SDK 7 is called, and nothing registers telemetry',
    why: 'AI SDK 7 sends nothing until an integration is registered',
    fix: 'Start with "node --import spanledger/register", call register() of spanledger, or registerTelemetry(new OpenTelemetry()) of @ai-sdk/otel',
  },
  {
    isIn: (text) =>
      /\bnew TraceIdRatioBasedSampler\(|\btracesSampleRate:\s*0(?:\.\d+)?\b/.test(text) &&
      !/\brecordUnsampled\(/.test(text),
    what: 'Only a part of the traces is sampled',
    why: 'the calls of the others reach no ledger, and what they cost is missing',
    fix: 'recordUnsampled(sampler) around the sampler: every call counts, and as few traces as before are sent',
  },
]

function isMajor4To6({ aiMajor }: Application): boolean {
  return aiMajor !== undefined && aiMajor >= 4 && aiMajor <= 6
}

// Next.js bundles what it runs, so that no hook sees the module.
function isPreloaded({ starts }: Application): boolean {
  return /spanledger\/register/.test(starts) && !/"next"\s*:/.test(starts)
}

function isRegistered({ starts, sources }: Application): boolean {
  const isIn = (text: string) =>
    /spanledger\/register|\bregisterTelemetry(?:Integration)?\(|['"]spanledger['"]/.test(text)
  return /spanledger\/register/.test(starts) || sources.some(({ text }) => isIn(text))
}

// What is spread into it, or stands in a variable, cannot be told from here.
function isSwitchedOff(option: string): boolean {
  return /\bisEnabled\s*:\s*false\b/.test(option) || !(/\bisEnabled\b/.test(option) || option.includes('...'))
}

function isUntold(parameters: string): boolean {
  return /^\(\s*\{/.test(parameters) && !/\bexperimental_telemetry\b|\.\.\./.test(parameters)
}

/** What stands in the brackets that each match ends with, or that come right after it; brackets included. */
function partsAfter(pattern: RegExp, text: string): readonly string[] {
  return [...text.matchAll(pattern)].map(({ index, 0: match }) => {
    const end = index + match.length
    return bracketed(text, match.endsWith('(') ? end - 1 : end)
  })
}

// Brackets in texts are rare and mostly in pairs; one that is not makes the part longer, and less is found.
function bracketed(text: string, start: number): string {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    if ('([{'.includes(text.charAt(at))) depth += 1
    else if (')]}'.includes(text.charAt(at))) depth -= 1
    if (depth === 0) return text.slice(start, at + 1)
  }
  return text.slice(start)
}
