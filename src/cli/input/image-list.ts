// A list that somebody made of a cluster has thousands; one with more is no list.
const mostImages = 100_000

/** The images of a list: one a line, blank lines and those that begin with `#` passed over. Undefined where it is too long. */
export const readImageList = (text: string): readonly string[] | undefined => {
  const lines = text.split('\n').map(line => line.trim())
  const images = [...new Set(lines.filter(line => line !== '' && !line.startsWith('#')))]
  return images.length > mostImages ? undefined : images
}
