import type { StepLink } from './step-link.ts'

/** Stores which steps stand under which spans until their traces are complete. */
export interface StepStore {
  /** Stores steps durably. Storing a step twice is not an error. */
  keepStepLinks(links: readonly StepLink[]): Promise<void>

  /** The stored steps of these traces, written by any process; empty if there are none. */
  stepLinks(traceIds: readonly string[]): Promise<readonly StepLink[]>

  /** Deletes steps that were stored before a time, epoch milliseconds. */
  forgetStepLinks(before: number): Promise<void>
}
