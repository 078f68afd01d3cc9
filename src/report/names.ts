import { clip } from '../verdict/text.ts'
import type { ObjectName } from '../workload/workload.ts'
import type { Place } from './sheet.ts'

// Longer than any name that a registry or the API server takes: 255 for a repository, 128 for a tag, 71 for a digest.
const longest = 500

/** A text that a stranger chose, on one line and with every character that does not print spelled out. */
export const shown = (text: string): string => clip(text, longest)

/** `Deployment shop/web`; '' for images that no object names. */
export const objectText = ({ kind, namespace, name }: ObjectName): string =>
  shown([kind, [namespace, name].filter(part => part !== '').join('/')].filter(part => part !== '').join(' '))

/** `deploy/web.yaml:12:16`. */
export const placeText = ({ file, line, column }: Place): string => `${shown(file)}:${line}:${column}`
