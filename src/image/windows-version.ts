interface WindowsVersion {
  readonly major: number
  readonly minor: number
  readonly build: number
}

const none: WindowsVersion = { major: 0, minor: 0, build: 0 }

// The widths that the numbers have in containerd/platforms v1.0.0-rc.4 (platform_windows_compat.go).
const mostPart = 255
const mostBuild = 65_535

const parseVersion = (text: string): WindowsVersion => {
  const [major = '', minor = '', build = ''] = text.split('.')
  if (![major, minor, build].every(part => /^\d+$/.test(part))) return none
  const version = { major: Number(major), minor: Number(minor), build: Number(build) }
  return version.major <= mostPart && version.minor <= mostPart && version.build <= mostBuild ? version : none
}

// Releases from Windows Server 2022 on run the containers of the long-term release before them, and of all since.
const server2022 = 20_348
const server2025 = 26_100

const oldestFor = (build: number): number => (build > server2025 ? server2025 : server2022)

/** Whether a Windows node of this version runs containers of that one; a version that is not told fits. */
export const fitsWindowsVersion = (node: string, image: string): boolean => {
  const host = parseVersion(node)
  if (image === '' || (host.major === 0 && host.minor === 0 && host.build === 0)) return true
  const container = parseVersion(image)
  if (host.major !== container.major || host.minor !== container.minor) return false
  if (host.build < server2022) return host.build === container.build
  return oldestFor(host.build) <= container.build && container.build <= host.build
}
