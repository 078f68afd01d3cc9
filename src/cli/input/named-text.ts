/** How a text came to be looked at. */
export type Origin =
  /** Somebody named it, or piped it in: what is wrong with it is said. */
  | 'named'
  /** It lay in a folder: what is no manifest is passed over. */
  | 'found'
  /** A program made it of somebody's folder or chart. */
  | 'rendered'

/** A text that may hold images, by the name that it is shown under. */
export interface NamedText {
  readonly name: string
  readonly text: string
  readonly origin: Origin
  /** False where only its Secrets and ServiceAccounts count: it is not among what changed. */
  readonly judged: boolean
}
