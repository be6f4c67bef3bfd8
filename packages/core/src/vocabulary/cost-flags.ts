/** Flag of a run that is billed itself because none of its provider calls were recorded. */
export const ROOT_FALLBACK = 'root_fallback'
