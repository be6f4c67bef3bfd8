import type { RollupStore } from './rollup-store.ts'

/** The rollups of a database that keeps none: nothing to check, nothing to rebuild. */
export const NO_ROLLUPS: RollupStore = {
  rollupCheck: async () => ({ days: 0, calls: 0, differences: [], differing: 0 }),
  hasRollups: async () => false,
  async *rebuildRollups() {},
}
