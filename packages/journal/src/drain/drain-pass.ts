import type { DrainSignals } from '../drain-signals.ts'
import { bytesIn } from '../folder/journal-folder.ts'
import type { JournalTarget } from '../journal-target.ts'
import type { DrainLock } from '../leases/drain-lock.ts'
import { createPace } from '../time/pace.ts'
import type { AdoptedSources } from './adopted-sources.ts'
import type { DrainReports } from './drain-reports.ts'
import type { OwnSources } from './own-sources.ts'

/** One pass of a drain: look what there is, and deliver one batch of it. */
export interface DrainPass {
  /** Calls of this process go first. True if there may be more. */
  deliverNext(): Promise<boolean>
  /** The next pass deletes the oldest segment first. */
  dropOldest(): void
}

export interface DrainPassOptions {
  readonly folder: string
  readonly signals: DrainSignals
  readonly target: JournalTarget
  readonly own: OwnSources
  readonly adopted: AdoptedSources
  readonly reports: DrainReports
  /** Only its holder delivers. */
  readonly lock: DrainLock | undefined
  /** The drain is about to end, and leaves what others have left to other drains. */
  readonly isEnding: () => boolean
}

const MEASURE_MS = 1_000

export function createDrainPass(options: DrainPassOptions): DrainPass {
  const { folder, signals, target, own, adopted, reports, lock, isEnding } = options
  const measure = createPace(MEASURE_MS)
  let isDropping = false

  const openSources = () => {
    own.open()
    try {
      if (!isEnding()) adopted.open()
    } catch (error) {
      // A full disk has no room for a lease: what others have left can wait.
      reports.failed(error)
    }
  }

  const makeRoom = async () => {
    if (!isDropping) return
    isDropping = false
    if (!(await adopted.dropOldest())) await own.dropOldest()
    measure.reset()
  }

  return {
    async deliverNext() {
      openSources()
      if (measure.isDue()) signals.measured(bytesIn(folder))
      await makeRoom()
      if (lock?.take() === false) return false
      const isMore = (await own.deliverNext()) || (!isEnding() && (await adopted.deliverNext()))
      if (isMore) own.syncBehind()
      else if (lock?.isHeld() === true) {
        await target.close()
        lock.release()
      }
      return isMore
    },
    dropOldest() {
      isDropping = true
    },
  }
}
