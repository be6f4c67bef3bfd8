/** Whether some time has passed since the last renewal. */
export interface Freshness {
  /** By either of two clocks: one stands still while the machine sleeps, and the other may be set. */
  isOver(): boolean
  renew(): void
}

export function createFreshness(ms: number): Freshness {
  let steadyMs = -Infinity
  let wallMs = 0
  return {
    isOver: () => performance.now() - steadyMs >= ms || Math.abs(Date.now() - wallMs) >= ms,
    renew() {
      steadyMs = performance.now()
      wallMs = Date.now()
    },
  }
}
