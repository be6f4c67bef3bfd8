import { posix } from 'node:path'

/** One file that imports another of the same package, both by their path from the root. */
export interface Arrow {
  readonly from: string
  readonly to: string
}

/**
 * Rooms that import each other in a circle, one sentence each. A room is a folder, or a file that lies directly in `src`.
 * Only rooms beside each other are compared: the files of a folder may use the rooms inside it, and those may use them.
 */
export function findCircles(arrows: readonly Arrow[]): readonly string[] {
  const floors = new Map<string, Map<string, Map<string, Arrow>>>()
  for (const arrow of arrows) {
    const floor = commonFolder(arrow)
    const from = roomOf(arrow.from, floor)
    const to = roomOf(arrow.to, floor)
    if (from === undefined || to === undefined) continue
    const rooms = floors.get(floor) ?? new Map<string, Map<string, Arrow>>()
    const doors = rooms.get(from) ?? new Map<string, Arrow>()
    if (!doors.has(to)) doors.set(to, arrow)
    floors.set(floor, rooms.set(from, doors))
  }
  return [...floors].flatMap(([floor, rooms]) => {
    const circle = circleIn(rooms)
    return circle === undefined ? [] : [sentenceOf(floor, circle)]
  })
}

function commonFolder({ from, to }: Arrow): string {
  let floor = posix.dirname(from)
  while (!to.startsWith(`${floor}/`)) floor = posix.dirname(floor)
  return floor
}

function roomOf(path: string, floor: string): string | undefined {
  const [first = '', ...rest] = posix.relative(floor, path).split('/')
  return rest.length > 0 || floor.endsWith('/src') ? first : undefined
}

function circleIn(rooms: ReadonlyMap<string, ReadonlyMap<string, Arrow>>): readonly Arrow[] | undefined {
  const finished = new Set<string>()
  const visit = (room: string, way: readonly string[], arrows: readonly Arrow[]): readonly Arrow[] | undefined => {
    const start = way.indexOf(room)
    if (start >= 0) return arrows.slice(start)
    if (finished.has(room)) return undefined
    for (const [next, arrow] of rooms.get(room) ?? []) {
      const circle = visit(next, [...way, room], [...arrows, arrow])
      if (circle !== undefined) return circle
    }
    finished.add(room)
    return undefined
  }
  for (const room of rooms.keys()) {
    const circle = visit(room, [], [])
    if (circle !== undefined) return circle
  }
  return undefined
}

function sentenceOf(floor: string, circle: readonly Arrow[]): string {
  const steps = circle.map(({ from, to }) => `${posix.relative(floor, from)} imports ${posix.relative(floor, to)}`)
  return `${floor} has rooms that import each other in a circle: ${steps.join(', ')}`
}
