export { DAY_MS } from './day.ts'
export { parseTimeText, type TimeReading } from './time-text.ts'
export { createWallClock, isTimeZone, type WallClock } from './wall-clock.ts'
