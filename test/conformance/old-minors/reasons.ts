import type { ProviderName } from '../providers.ts'
import type { Variant } from '../variants.ts'

/** What earlier versions do otherwise than the newest one of their major, and what a run says about it. */
export interface OldReason {
  /** What `CONFORMANCE.md` calls it. */
  readonly why: string
  readonly versions: readonly string[]
  /** What is left out means all. */
  readonly variants?: readonly Variant[]
  readonly providers?: readonly ProviderName[]
  readonly scenarios?: RegExp
  /** The findings that it explains. */
  readonly findings: RegExp
}

const OF_4 = ['4.0.0', '4.1.66', '4.2.11']
const BEFORE_6_0_119 = ['6.0.0', '6.0.100']
const OF_6 = [...BEFORE_6_0_119, '6.0.200']
const OF_7 = ['7.0.0', '7.0.66']
const OPENAI: readonly ProviderName[] = ['openai', 'openai.chat']

/**
 * Every finding on an earlier version needs an entry, and every entry needs a finding on each of its versions. Numbers
 * that are wrong cannot be listed.
 */
export const OLD_REASONS: readonly OldReason[] = [
  {
    why: 'Before 4.3.17 the spans of `generateText` and `streamText` have no provider metadata: cached and reasoning tokens of OpenAI are unknown, and the cost is flagged; `register` adds them.',
    versions: OF_4,
    providers: OPENAI,
    findings: /^(cache read|reasoning) is NULL|^cost is flagged cache_unknown /,
  },
  {
    why: "Before 4.3.17, for the same reason, Anthropic's input and cost are unknown: the span excludes cached tokens.",
    versions: OF_4,
    providers: ['anthropic'],
    findings: /^(input|cache read|cache write) is NULL|^cost is NULL \(no_usage\)/,
  },
  {
    why: 'Before 4.3.19 the span of a tool that fails in `streamText` ends without an error: its row is `ok`.',
    versions: OF_4,
    scenarios: /^stream-failing-tool$/,
    findings: /^a tool row too many: weather, ok, |^no row for tool /,
  },
  {
    why: '4.0.0 uses other names for some errors.',
    versions: ['4.0.0'],
    findings: /^error_type of run .* is (AI_TypeValidationError|Error), not /,
  },
  {
    why: 'The packages for 4.0.0 do not expose the body of an answer, from which `register` reads missing values.',
    versions: ['4.0.0'],
    variants: ['4-register'],
    findings:
      /^(output|cache read|cache write( 5 min| 1 h)?|reasoning|service tier) is NULL|^cost is (NULL \(no_usage\)|flagged )/,
  },
  {
    why: '5.0.0 reads a stream to its end even if the application does not, so its tokens are known; only the span of its run never ends.',
    versions: ['5.0.0'],
    scenarios: /^stream-(unread|broken-off)$/,
    findings: / is known, although |^model .* is ok \(null\), not abandoned$|^settled, run_id of model /,
  },
  {
    why: 'The package for OpenAI of 5.0.0 does not read the service tier; the cost assumes the standard tier.',
    versions: ['5.0.0'],
    providers: ['openai'],
    findings: /^service tier is NULL|^cost is flagged assumed_standard_tier /,
  },
  {
    why: 'The package for Anthropic of 5.0.0 reports the first count of a stream, which excludes thinking.',
    versions: ['5.0.0'],
    providers: ['anthropic'],
    scenarios: /^stream-reasoning$/,
    findings: /^reasoning is NULL/,
  },
  {
    why: 'In 5.0.0 an unknown tool or invalid arguments make the call fail: its run has the error, and the tool has no row.',
    versions: ['5.0.0'],
    scenarios: /^(unknown-tool|invalid-tool-arguments)$/,
    findings: /^no row for tool |^run .* is error \(AI_(NoSuchTool|InvalidToolInput)Error\), not ok$/,
  },
  {
    why: 'The packages for OpenAI of that time do not read tokens written to a cache.',
    versions: ['5.0.0', '5.0.100', ...OF_6, '7.0.0'],
    providers: OPENAI,
    scenarios: /cache$/,
    findings: /^cache write is NULL/,
  },
  {
    why: 'Before 6.0.119 `generateText` puts neither cached nor reasoning tokens on its spans; `register` adds them.',
    versions: BEFORE_6_0_119,
    variants: ['6'],
    providers: OPENAI,
    findings: /^(cache read|reasoning) is NULL|^cost is flagged cache_unknown /,
  },
  {
    why: 'The package of that time stops reading an OpenAI Responses stream at its error event.',
    versions: BEFORE_6_0_119,
    variants: ['6'],
    providers: ['openai'],
    scenarios: /^stream-error-part-then-finish$/,
    findings: /^(input|output|cache read|reasoning) is NULL|^cost is NULL \(no_usage\)/,
  },
  {
    why: 'The package for the Gemini API of that time does not read the service tier; the cost assumes the standard tier.',
    versions: BEFORE_6_0_119,
    providers: ['google'],
    findings: /^service tier is NULL|^cost is flagged assumed_standard_tier /,
  },
  {
    why: 'The span has the provider metadata even if answers are not recorded, so more is known.',
    versions: [...OF_6, ...OF_7],
    scenarios: /^content-not-recorded$/,
    findings: / is known, although /,
  },
  {
    why: 'Before 7.0.106 the span of a broken stream never ends: its row is `abandoned`, and its run has no row.',
    versions: OF_7,
    scenarios: /^stream-socket-error$/,
    findings: /^model .* is abandoned \(null\), not error$|^the run has no row$/,
  },
  {
    why: 'With the old span names, the span of a repeated streamed attempt never ends: its row is `aborted`, without the error.',
    versions: OF_7,
    variants: ['7-legacy'],
    scenarios: /^stream-(retry|retries-exhausted)$/,
    findings: /^model .* is aborted \(null\), not error$/,
  },
  {
    why: 'Embeddings and rankings accept no runtime context: their rows have no user, session or tags.',
    versions: OF_7,
    variants: ['7-legacy', '7-register'],
    scenarios: /^(embed|rerank)/,
    findings: /^(run|embedding|rerank) is of /,
  },
  {
    why: 'Before `@ai-sdk/otel` 1.0.44 the span does not name the model that answered: the row has the requested one.',
    versions: ['7.0.0'],
    variants: ['7', '7-register'],
    findings: /^model is the one asked for, /,
  },
  {
    why: '7.0.0 puts the provider metadata on the span of the step instead of the call: service tier, cache times and the thinking of Anthropic are unknown, and the cost is flagged.',
    versions: ['7.0.0'],
    variants: ['7-register'],
    findings:
      /^(service tier|cache write 5 min|cache write 1 h|reasoning) is NULL|^cost is flagged assumed_(5m|standard_tier)[, ]/,
  },
]
