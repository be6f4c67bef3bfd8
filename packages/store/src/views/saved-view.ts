/** A page of the dashboard with its filters, kept under a name. */
export interface SavedView {
  readonly id: string
  readonly name: string
  /** Path and query of the page, such as `/calls?range=7d&user=ada`. */
  readonly url: string
  /** The only project whose readers see it; all others if `null`. */
  readonly projectId: string | null
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A view to save. */
export type NewSavedView = Omit<SavedView, 'id' | 'createdAt'>
