/** How long a bucket of calls is that every day of every time zone is a whole number of: offsets are multiples of it. */
export const BUCKET_MS = 900_000

/** Tells the calendar day of a time, as `2026-03-29`, in a zone. Throws if there is no such zone. */
export function createDayOf(timeZone: string): (time: number) => string {
  const format = formatFor(timeZone)
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]))
    return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
  }
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  } catch (cause) {
    throw new Error(`Unknown time zone "${timeZone}"; use an IANA name such as Europe/Berlin`, { cause })
  }
}
