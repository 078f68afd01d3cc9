/** Maps a list, so many elements at once; the answers stand in the order of the list. */
export const mapSideBySide = async <A, B>(
  list: readonly A[],
  most: number,
  map: (element: A) => Promise<B>,
): Promise<readonly B[]> => {
  const [only] = list
  // The usual case by far, and the pods of a busy cluster come by the thousand.
  if (list.length === 1 && only !== undefined) return [await map(only)]
  const answers = new Map<number, B>()
  const left = list.entries()
  const work = async (): Promise<void> => {
    for (const [index, element] of left) answers.set(index, await map(element))
  }
  await Promise.all(Array.from({ length: Math.min(most, list.length) }, work))
  return [...answers].sort(([a], [b]) => a - b).map(([, answer]) => answer)
}
