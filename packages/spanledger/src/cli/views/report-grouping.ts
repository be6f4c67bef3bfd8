import { type BucketSize, type Grouping, GROUPINGS } from '@spanledger/store'

/** What `report` groups by: what the store does, or a period of time other than a day. */
export type ReportGrouping = Grouping | Period

/** A period of local time; weeks start on Monday. */
export type Period = keyof typeof PERIODS

interface PeriodForm {
  readonly bucket: BucketSize
  /** How much of `2026-11-01 08:00:00` names the period by its start. */
  readonly nameLength: number
}

const PERIODS = {
  hour: { bucket: '1h', nameLength: '2026-11-01 08:00'.length },
  week: { bucket: '1w', nameLength: '2026-11-01'.length },
  month: { bucket: '1mo', nameLength: '2026-11'.length },
} as const satisfies Readonly<Record<string, PeriodForm>>

/** Every grouping of `report`, for code that checks input. */
export const REPORT_GROUPINGS: readonly ReportGrouping[] = [...GROUPINGS, ...(Object.keys(PERIODS) as Period[])] // its keys

/** How to cut time into periods; undefined if the grouping is none of them. */
export function periodOf(grouping: ReportGrouping): PeriodForm | undefined {
  return Object.hasOwn(PERIODS, grouping) ? PERIODS[grouping as Period] : undefined // checked just before
}
