import type { Platform } from '../../image/platform.ts'

/**
 * The platform of a program. A header names no variant: which version of arm it needs stands in a section far behind
 * (.ARM.attributes), and which instructions of amd64 it uses nowhere at all.
 */
export const platformOf = (os: string, architecture: string): Platform => ({
  os,
  architecture,
  variant: '',
  osVersion: '',
  osFeatures: [],
})
