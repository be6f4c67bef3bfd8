import { segmentName } from '../folder/journal-folder.ts'
import type { JournalTarget } from '../journal-target.ts'

/** Reports to the target which segments of a writer are gone. */
export interface ForgottenPositions {
  /** After a rejection the segment is named again with the next one. */
  forget(number: number): Promise<void>
}

export function createForgottenPositions(target: JournalTarget, writer: string): ForgottenPositions {
  let names: string[] = []
  return {
    async forget(number) {
      names.push(segmentName(writer, number))
      await target.forget(names)
      names = []
    },
  }
}
