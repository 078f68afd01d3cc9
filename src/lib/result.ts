/** A value, or the reason there is none. Expected failures travel this way; bugs throw. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

/** The result that holds a value. */
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })

/** The result that holds the reason there is no value. */
export const fail = <E>(error: E): Result<never, E> => ({ ok: false, error })
