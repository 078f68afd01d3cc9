// A registry that is not near, in a process of its own, so that who asks it is not measured with it.
import { singleImage } from '../../src/demo/images.ts'
import { startRegistry } from '../../src/demo/registry.ts'

const [delayMs, images] = process.argv.slice(2).map(Number)
const registry = await startRegistry({
  intercept: async () => {
    await new Promise(resolve => setTimeout(resolve, delayMs))
    return false
  },
})
// A hundred tags each: a repository more costs the registry a copy of the list of them all.
for (let index = 0; index < (images ?? 0); index++)
  registry.put(`team/app-${index % 100}`, String(index), singleImage('linux/amd64', { version: String(index) }))
process.on('message', () => process.send?.(registry.requests.length))
process.send?.(registry.host)
