/** Milliseconds of a day in UTC, where every day has 24 hours. */
export const DAY_MS = 86_400_000
