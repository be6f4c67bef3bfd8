/** What a check found. */
export interface Finding {
  readonly state: 'good' | 'bad' | 'unknown'
  /** What is the case. */
  readonly what: string
  /** Why that is a problem. */
  readonly why?: string | undefined
  /** What mends it. */
  readonly fix?: string | undefined
}

export function good(what: string): Finding {
  return { state: 'good', what }
}

/** Nothing wrong, but nothing to go by either. */
export function unknown(what: string, fix?: string): Finding {
  return { state: 'unknown', what, fix }
}

export function bad(what: string, why: string, fix: string): Finding {
  return { state: 'bad', what, why, fix }
}
