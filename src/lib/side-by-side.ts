/** Maps a list, so many elements at once; the answers stand in the order of the list. */
export const mapSideBySide = <A, B>(
  list: readonly A[],
  most: number,
  map: (element: A) => Promise<B>,
): Promise<readonly B[]> => {
  const [only] = list
  // The usual case by far, and the pods of a busy cluster come by the thousand.
  return list.length === 1 && only !== undefined ? map(only).then(answer => [answer]) : mapAll(list, most, map)
}

const mapAll = async <A, B>(
  list: readonly A[],
  most: number,
  map: (element: A) => Promise<B>,
): Promise<readonly B[]> => {
  const answers = new Map<number, B>()
  const left = list.entries()
  const work = async (): Promise<void> => {
    for (const [index, element] of left) answers.set(index, await map(element))
  }
  await Promise.all(Array.from({ length: Math.min(most, list.length) }, work))
  return [...answers].sort(([a], [b]) => a - b).map(([, answer]) => answer)
}
