import type { NamedProject, Project } from './project.ts'

/** Stores the projects that calls belong to. */
export interface ProjectStore {
  /** Creates the project if it does not exist, and renames it if a name is given. Returns it as it is stored. */
  ensureProject(project: NamedProject): Promise<Project>

  /** All projects by id. */
  projects(): Promise<readonly Project[]>
}
