/** A project that calls belong to. */
export interface Project {
  readonly id: string
  readonly name: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A project to create or rename. */
export interface NamedProject {
  readonly id: string
  /** Its new name. A project that is created without a name is named after its id. */
  readonly name?: string | undefined
}
