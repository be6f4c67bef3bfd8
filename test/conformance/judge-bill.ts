import type { Call } from '@spanledger/core'
import type { ProviderCall } from '../provider-server/index.ts'
import { type Mode, type Place, type Reason, reasonsFor } from './undecidable.ts'
import { type Bill, billOfRow, type Field, FIELDS, truthOf, type WireTruth } from './wire-truth.ts'
import type { Attempt } from './match-attempts.ts'

/** What comparing one attempt with its row found. */
export interface BillVerdict {
  /** Why numbers are not on the row that were on the wire; empty when all are. */
  readonly reasons: readonly Reason[]
  /** Numbers that are not on the row without a listed reason, flagged without one, or there in spite of one. */
  readonly unlisted: readonly string[]
  /** Numbers that are wrong. */
  readonly problems: readonly string[]
}

// Gemini leaves out a count of 0.
const LEAVES_OUT_ZERO: ReadonlySet<string> = new Set(['google', 'vertex'])

/** Compares what was billed for an attempt with what its row says. */
export function judgeBill({ calls, row }: Attempt, at: Omit<Place, 'mode'>): BillVerdict {
  if (row === undefined) return problem('an attempt has no row')
  const [call] = calls
  const place = { ...at, mode: modeOf(at.scenario, call) }
  // Whether everything had been sent when the client went away is a matter of milliseconds.
  const always = row.ended_at === null ? reasonsFor(place).filter((reason) => reason.always === true) : []
  const truth = always.length > 0 ? undefined : truthOf(calls, at.provider)
  if (truth === undefined || call === undefined) {
    return { reasons: always, unlisted: [], problems: problemsOfUnbilled(at, call, row) }
  }
  const reasons = reasonsFor(place).filter(({ when }) => when?.(call) ?? true)
  const judged = FIELDS.map((field) => judgeField(field, { place, call, row, truth, reasons }))
  return {
    reasons: [...new Set(judged.flatMap((verdict) => verdict.reasons))],
    unlisted: judged.flatMap((verdict) => verdict.unlisted),
    problems: judged.flatMap((verdict) => verdict.problems),
  }
}

/** What was asked for, by the scenario and by what went over the wire. */
export function modeOf(scenario: string, call: ProviderCall | undefined): Mode {
  if (scenario.startsWith('embed')) return 'embed'
  if (scenario === 'rerank') return 'rerank'
  if (/^(speech|transcribe|decide)$/.test(scenario)) return 'other'
  const isStream = call?.stream === true
  if (/^(generate|stream)-object/.test(scenario)) return isStream ? 'stream object' : 'object'
  return isStream ? 'stream' : 'generate'
}

// These models answer without a wire, by what stands in their scenario.
const ANSWERS_OF_SCENARIOS: Readonly<Record<string, Partial<Bill>>> = { decide: { input: 25, output: 1 } }

// What the answer said before it broke off may be on the row, and nothing else.
function problemsOfUnbilled(
  { scenario }: Pick<Place, 'scenario'>,
  call: ProviderCall | undefined,
  row: Call,
): readonly string[] {
  const bill = billOfRow(row)
  const said: Partial<Bill> = ANSWERS_OF_SCENARIOS[scenario] ?? { input: countIn(call?.usage?.['promptTokenCount']) }
  return FIELDS.flatMap((field) => {
    if (field === 'model' || field === 'provider' || field === 'service tier') return []
    if (bill[field] === null || bill[field] === said[field]) return []
    return [`${field} is ${bill[field]}, but nothing was billed`]
  })
}

function countIn(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

interface FieldCase {
  readonly place: Place
  readonly call: ProviderCall
  readonly row: Call
  readonly truth: WireTruth
  readonly reasons: readonly Reason[]
}

function judgeField(field: Field, { place, call, row, truth, reasons }: FieldCase): BillVerdict {
  if (field === 'cost') return judgeCost(row, truth, reasons)
  const said: Bill = billOfRow(row)
  const wire = truth.bill[field]
  const here = reasons.filter(
    (reason) => (reason.fields?.includes(field) ?? false) && (reason.onlyZero !== true || wire === 0),
  )
  const instead = reasons.find((reason) => reason.instead?.[field] !== undefined)
  const replaced = instead?.instead?.[field]?.(call)
  if (wire === null) {
    const isSilent = said[field] === null || (said[field] === 0 && LEAVES_OUT_ZERO.has(place.provider))
    return isSilent ? NOTHING_TO_SAY : problem(`${field} is ${said[field]}, but the answer does not contain it`)
  }
  if (instead !== undefined && said[field] === replaced) {
    return wire === replaced ? NOTHING_TO_SAY : because([instead])
  }
  if (said[field] === wire) {
    return here.length === 0 ? NOTHING_TO_SAY : unlisted(`${field} is known, although a reason says that it cannot be`)
  }
  // Where the answer's own model is unknown, the row says which one was asked for.
  if (field === 'model' && said.model === call.requestModel) return unlisted(`model is the requested one, not ${wire}`)
  if (said[field] !== null) return problem(`${field} is ${said[field]}, but ${wire} was on the wire`)
  return here.length > 0 ? because(here) : unlisted(`${field} is NULL, but ${wire} was on the wire`)
}

function judgeCost(row: Call, truth: WireTruth, reasons: readonly Reason[]): BillVerdict {
  const { cost_nano_usd: said, cost_flags: flags } = row
  const wire = truth.bill.cost
  if (said === null) {
    if (wire === null) return NOTHING_TO_SAY
    const here = reasons.filter((reason) => reason.fields?.includes('cost') ?? false)
    return here.length > 0 ? because(here) : unlisted(`cost is NULL (${row.cost_reason}), not ${wire}`)
  }
  const own = (flags ?? []).filter((flag) => !truth.costFlags.includes(flag))
  const known = reasons.filter(({ flags: [first] = [] }) => first !== undefined && own.includes(first))
  const stray = own.filter((flag) => !known.some((reason) => reason.flags?.includes(flag)))
  if (stray.length > 0) return unlisted(`cost is flagged ${stray.join(', ')} without a reason`)
  if (said === wire || known.length > 0) return because(known)
  return problem(`cost is ${said}, not ${wire}, and not flagged`)
}

const NOTHING_TO_SAY: BillVerdict = { reasons: [], unlisted: [], problems: [] }

function because(reasons: readonly Reason[]): BillVerdict {
  return { ...NOTHING_TO_SAY, reasons }
}

function unlisted(text: string): BillVerdict {
  return { ...NOTHING_TO_SAY, unlisted: [text] }
}

function problem(text: string): BillVerdict {
  return { ...NOTHING_TO_SAY, problems: [text] }
}
