import { join } from 'node:path'
import { expect, it } from 'vitest'
import { version } from '../../src/commands/version.ts'
import { goodManifest, workshopFor } from '../docs/workshop.ts'

const pack = join(import.meta.dirname, '../../krew/pack')

it('the archive for krew holds a program that runs by a link, with all that it needs', async () => {
  const workshop = await workshopFor()
  await workshop.write({ 'web.yaml': goodManifest })
  // krew puts the files into a store, and a link into the folder that is on the PATH.
  const install = `${pack} plugin.tar.gz && mkdir store links && tar -xzf plugin.tar.gz -C store &&
    ln -s "$PWD/store/kubectl-pullgate" links/kubectl-pullgate`
  expect(await workshop.shell(install, { HOME: process.env['HOME'] ?? '/' })).toMatchObject({ code: 0 })
  const ended = await workshop.shell(
    'links/kubectl-pullgate --version && links/kubectl-pullgate check web.yaml --certs-dir certs.d',
  )
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toContain(version)
})
