import { expect, it } from 'vitest'
import { pathOf } from '../cluster/real/built.ts'
import { workshopFor } from '../docs/workshop.ts'

it('where there is no kustomize, what the real kubectl renders is checked by -k', async () => {
  const workshop = await workshopFor()
  await workshop.program('kubectl', `exec '${pathOf('kubectl')}' "$@"`)
  // Whatever the machine has besides is out of reach.
  const alone = 'PATH="$(dirname "$(command -v node)"):$(dirname "$(command -v pullgate)")"'
  const check = (folder: string, more = '') => workshop.shell(`${alone}; pullgate check -k ${folder} ${more}`)
  const good = await check('examples/live', '-o json')
  expect({ code: good.code, stderr: good.stderr }).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(good.stdout).images).toMatchObject([{ image: 'registry.example/shop/web:1.3.2' }])
  expect(await check('none')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^kubectl cannot render none: .*no such file or directory\n$/),
  })
})
