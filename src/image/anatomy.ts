/** A part of a text, and where it stands. */
export interface Part {
  readonly text: string
  readonly at: number
}

/** A text taken apart as `name[:tag][@digest]`, whether its parts are right or not. */
export interface Anatomy {
  readonly text: string
  readonly name: string
  readonly tag: Part | undefined
  readonly digest: Part | undefined
}

/** Takes a text apart: a digest follows the first @, and a tag the first colon after the last slash before it. */
export const anatomyOf = (text: string): Anatomy => {
  const at = text.indexOf('@')
  const front = at < 0 ? text : text.slice(0, at)
  const colon = front.indexOf(':', front.lastIndexOf('/') + 1)
  return {
    text,
    name: colon < 0 ? front : front.slice(0, colon),
    tag: colon < 0 ? undefined : { text: front.slice(colon + 1), at: colon + 1 },
    digest: at < 0 ? undefined : { text: text.slice(at + 1), at: at + 1 },
  }
}
