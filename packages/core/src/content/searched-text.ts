/** A text to search for credentials. */
export interface SearchedText {
  readonly text: string
  /** Index of the final ellipsis if the text was cut, otherwise -1. A credential that reaches it may be incomplete. */
  readonly cutAt: number
}

/** A part of a text to replace with its label. */
export interface Finding {
  readonly start: number
  readonly end: number
  readonly label: string
}
