/**
 * The database is away, full or busy; it is not the calls that are at fault. The same write can succeed later, so whoever
 * has it keeps it and tries again.
 */
export class TransientStoreError extends Error {
  override readonly name = 'TransientStoreError'
}
