import type { Store } from '@spanledger/store'
import { createTimeFormat } from '../time.ts'

/** The note for when no call matches: the database is empty, or has only other calls. */
export async function emptyAnswer(store: Store, name: string, timeZone: string): Promise<string> {
  const [newest] = (await store.calls({}, { limit: 1 })).calls
  if (newest === undefined) {
    return (
      `No calls in ${name} yet. Run your application with "node --import spanledger/register app.js", ` +
      'or try "spanledger import spans.json"'
    )
  }
  const startedAt = createTimeFormat(timeZone)(newest.started_at)
  return `No calls match. The newest call in ${name} started ${startedAt} (${timeZone}); try an earlier --since or fewer filters`
}
