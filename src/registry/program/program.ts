import type { Platform } from '../../image/platform.ts'

/** What a look into the layers told of the program itself. */
export type Program = { readonly kind: 'found'; readonly platform: Platform } | { readonly kind: 'not-found' }
