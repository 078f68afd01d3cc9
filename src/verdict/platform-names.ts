import { formatPlatform, type Platform } from '../image/platform.ts'
import { clip, listed } from './text.ts'

/** Platforms in a sentence: `linux/amd64 and linux/arm64`. */
export const platformNames = (all: readonly Platform[]): string =>
  listed(all.map(each => clip(formatPlatform(each), 30)))
