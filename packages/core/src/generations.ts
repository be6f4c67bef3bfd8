/** A bounded memory in two parts. When the young one is full it becomes the old one, and the old one is forgotten. */
export interface Generations<T> {
  young: T
  old: T
  /** Makes room for one more entry in `young`. */
  makeRoom(): void
}

/**
 * Creates a memory of `size` to twice `size` entries. Forgetting a generation at a time is faster than removing the
 * oldest entry of a map at each insertion, which searches longer and longer for it.
 */
export function createGenerations<T>(size: number, create: () => T): Generations<T> {
  let used = 0
  const generations: Generations<T> = {
    young: create(),
    old: create(),
    makeRoom() {
      if (used >= size) {
        generations.old = generations.young
        generations.young = create()
        used = 0
      }
      used += 1
    },
  }
  return generations
}
