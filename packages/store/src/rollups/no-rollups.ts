import type { RollupStore } from './rollup-store.ts'

/** The `RollupStore` of a database without rollups: there is nothing to check or rebuild. */
export const NO_ROLLUPS: RollupStore = {
  rollupCheck: async () => ({ days: 0, calls: 0, differences: [], differing: 0 }),
  hasRollups: async () => false,
  async *rebuildRollups() {},
}
