import type { Platform } from '../../src/image/platform.ts'

/** A platform as the OCI image specification spells it. */
export interface OciPlatform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly 'os.version'?: string
  readonly 'os.features'?: readonly string[]
}

/** A platform as the original takes it. */
export const toOci = ({ os, architecture, variant, osVersion, osFeatures }: Platform): OciPlatform => ({
  os,
  architecture,
  variant,
  'os.version': osVersion,
  'os.features': osFeatures,
})

/** A platform as the original gives it. */
export const fromOci = (platform: OciPlatform): Platform => ({
  os: platform.os,
  architecture: platform.architecture,
  variant: platform.variant ?? '',
  osVersion: platform['os.version'] ?? '',
  osFeatures: platform['os.features'] ?? [],
})
