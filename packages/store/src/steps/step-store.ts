import type { StepLink } from './step-link.ts'

/** Stores the parents of steps until their traces are complete. */
export interface StepStore {
  /** Stores steps durably. Storing a step twice is not an error. */
  keepStepLinks(links: readonly StepLink[]): Promise<void>

  /** The stored steps of these traces, written by any process; may be empty. */
  stepLinks(traceIds: readonly string[]): Promise<readonly StepLink[]>

  /** Deletes steps that were stored before a time, epoch milliseconds. */
  forgetStepLinks(before: number): Promise<void>
}
