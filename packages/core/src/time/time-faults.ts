/** What is wrong with a time, as the end of a sentence that begins with its name. */
export const TIME_FAULTS = {
  time: 'must be a time',
  timeZone: 'must be an IANA time zone',
  /** The name of the start of the range follows. */
  order: 'must be after',
} as const
