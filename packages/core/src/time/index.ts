export { DAY_MS } from './day.ts'
export { TIME_FAULTS } from './time-faults.ts'
export { parseTimeText, type TimeReading } from './time-text.ts'
export { createWallClock, isTimeZone, type WallClock } from './wall-clock.ts'
