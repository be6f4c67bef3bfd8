import { createTimeFormat } from '../time.ts'
import type { Ledger } from '../../ledger/ledger.ts'

/** The note for when no call matches: the database is empty, or has only other calls. */
export async function emptyAnswer(ledger: Ledger, name: string, timeZone: string): Promise<string> {
  const [newest] = (await ledger.calls({}, { limit: 1 })).calls
  if (newest === undefined) {
    return (
      `No calls in ${name} yet. Run your application with "node --import spanledger/register app.js", ` +
      'or try "spanledger import spans.json"'
    )
  }
  const startedAt = createTimeFormat(timeZone)(newest.started_at)
  return `No calls match. The newest call in ${name} started ${startedAt} (${timeZone}); try an earlier --since or fewer filters`
}
