/**
 * Whether a .dockerignore leaves a path out of what a build may copy: the last line that matches it, or a folder above it, decides.
 * Stars stand for parts of a name, as far as ours has any.
 */
export const isIgnored = (dockerignore: string, path: string): boolean => {
  const lines = dockerignore.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  const parts = path.split('/')
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  return lines.reduce((ignored, line) => {
    const takesBack = line.startsWith('!')
    const pattern = takesBack ? line.slice(1) : line
    const matches = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`)
    return paths.some(each => matches.test(each)) ? !takesBack : ignored
  }, false)
}
