import { attestedImage, incompleteImage, multiArchImage, singleImage } from './images.ts'
import { emptyShelf, placed, type Shelf } from './shelf.ts'

const everywhere = ['linux/amd64', 'linux/arm64']

const pushed = [
  ['shop/web', '1.3.1', attestedImage(everywhere, { version: '1.3.1' })],
  ['shop/web', '1.3.2', attestedImage(everywhere, { version: '1.3.2' })],
  ['shop/web', '1.4.0', attestedImage(everywhere, { version: '1.4.0' })],
  ['shop/api', '2.1', multiArchImage(['linux/arm64'])],
  ['shop/report', '7', singleImage('linux/arm64')],
  ['shop/search', '0.9', incompleteImage(everywhere, 'linux/amd64')],
  ['shop/migrate', '3', multiArchImage(everywhere)],
] as const

/** What the registry of the demo has: some images that are well, and one for each way not to be. */
export const stock: Shelf = pushed.reduce(
  (shelf, [repository, tag, image]) => placed(shelf, repository, tag, image),
  emptyShelf,
)
