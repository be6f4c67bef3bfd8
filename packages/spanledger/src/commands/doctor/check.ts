/** The result of a check. */
export interface Finding {
  readonly state: 'good' | 'bad' | 'unknown'
  /** The state that was found. */
  readonly what: string
  /** Why it is a problem. */
  readonly why?: string | undefined
  /** How to fix it. */
  readonly fix?: string | undefined
}

export function good(what: string): Finding {
  return { state: 'good', what }
}

/** Neither good nor bad: the check could not decide. */
export function unknown(what: string, fix?: string): Finding {
  return { state: 'unknown', what, fix }
}

export function bad(what: string, why: string, fix: string): Finding {
  return { state: 'bad', what, why, fix }
}
