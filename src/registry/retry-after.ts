// More than a day is not believed: a server must not keep us away for ever.
const mostSeconds = 24 * 60 * 60

/** The patience that a `Retry-After` in seconds asks for; its other form, a date, needs a clock that we share with nobody. */
export const retryAfterMs = (text: string | undefined): number | undefined =>
  /^\d{1,9}$/.test(text ?? '') ? Math.min(Number(text), mostSeconds) * 1000 : undefined
