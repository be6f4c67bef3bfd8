import type { NewSavedView, SavedView } from './saved-view.ts'

/** Stores views of the dashboard. */
export interface ViewStore {
  /** The views of a project, or those of none for `null`, by name. All views if left out. */
  views(projectId?: string | null): Promise<readonly SavedView[]>

  /** Saves a view. Rejects with a sentence if its project already has one with this name. */
  saveView(view: NewSavedView): Promise<SavedView>

  /** Deletes a view of a project, or of any project if left out. False if it does not exist. */
  deleteView(id: string, projectId?: string | null): Promise<boolean>
}
