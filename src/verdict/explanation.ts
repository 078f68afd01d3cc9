/** The parts of a repair instruction. */
export interface Explanation {
  /** Follows the image's name: `not found`. */
  readonly what: string
  readonly why: string
  /** '' where there is nothing to be done. */
  readonly next: string
}
