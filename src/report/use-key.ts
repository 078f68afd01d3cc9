import type { SheetUse } from './sheet.ts'

/** What tells one use of an image from another; the same object may stand in a file twice, and then the place does. */
export const useKey = ({ image, object, path, place }: Pick<SheetUse, 'image' | 'object' | 'path' | 'place'>): string =>
  JSON.stringify([image, object, path, place])
