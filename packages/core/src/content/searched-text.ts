/** A text that is searched for credentials. */
export interface SearchedText {
  readonly text: string
  /** Where the text was cut, which is the index of its final ellipsis; a credential that reaches it may lack its end. Else -1. */
  readonly cutAt: number
}

/** A part of a text that is to be replaced by its label. */
export interface Finding {
  readonly start: number
  readonly end: number
  readonly label: string
}
