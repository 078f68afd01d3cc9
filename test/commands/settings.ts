import { type Settings, settingsOf, withFlags } from '../../src/commands/configuration.ts'
import type { Configuration } from '../../src/config/configuration.ts'
import { defaultConfiguration } from '../../src/config/defaults.ts'

/** Settings for registries on this machine and nodes of linux/amd64, but for what is given. */
export const settingsWith = (given: Partial<Configuration> = {}): Settings => {
  const flags = { platform: ['linux/amd64'], allowAddress: ['127.0.0.1'] }
  return settingsOf({ ...withFlags(defaultConfiguration(), flags), ...given }, {})
}

/** Settings that allow these addresses and ranges, and no others on this machine. */
export const settingsAllowing = (allowAddresses: readonly string[]): Settings =>
  settingsWith({ registries: { ...defaultConfiguration().registries, allowAddresses } })
