import { expect, it } from 'vitest'
import { blocksOf } from '../docs/blocks.ts'
import { workshopFor } from '../docs/workshop.ts'
import { kustomizeProgram } from './files.ts'

it('a build of kustomize fails where the function denies, and is what it was where not', async () => {
  const workshop = await workshopFor()
  await workshop.program('kustomize', `exec '${kustomizeProgram}' "$@"`)
  const [build = ''] = (await blocksOf('gitops.md')).filter(block => block.startsWith('kustomize build'))
  const good = await workshop.shell(build)
  expect(good).toMatchObject({ code: 0 })
  await workshop.shell('cp -r examples/krm bad && sed -i s/web:1.4.0/web:1.4/ bad/web.yaml')
  const plain = await workshop.shell(
    'sed -i "/^transformers:/,$ d" examples/krm/kustomization.yaml; kustomize build examples/krm',
  )
  expect(good.stdout).toBe(plain.stdout)
  const bad = await workshop.shell('kustomize build --enable-alpha-plugins --enable-exec bad')
  expect(bad.code).toBe(1)
  expect(bad.stdout).toBe('')
  expect(bad.stderr).toContain('exit status 1')
  expect(bad.stderr).toContain('has no tag "1.4" in shop/web')
})

it('what kustomize renders is checked by -k, with the tag that an overlay sets', async () => {
  const workshop = await workshopFor()
  await workshop.program('kustomize', `exec '${kustomizeProgram}' "$@"`)
  const { code, stdout } = await workshop.shell('pullgate check -k examples/live -o json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout).images).toMatchObject([{ image: 'registry.example/shop/web:1.3.2' }])
})

it('a folder that kustomize cannot build is said in one sentence', async () => {
  const workshop = await workshopFor()
  await workshop.program('kustomize', `exec '${kustomizeProgram}' "$@"`)
  await workshop.write({
    'lost/kustomization.yaml': 'resources: [none.yaml]\n',
    'odd/kustomization.yaml': 'resourcesx: [none.yaml]\n',
  })
  const said = async (folder: string): Promise<string> => {
    const { code, stdout, stderr } = await workshop.shell(`pullgate check -k ${folder}`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    return stderr
  }
  expect(await said('lost')).toMatch(/^kustomize cannot render lost: .*none\.yaml: no such file or directory\n$/)
  expect(await said('odd')).toMatch(/^kustomize cannot render odd: .*unknown field "resourcesx"\n$/)
  expect(await said('none')).toMatch(/^kustomize cannot render none: .*no such file or directory\n$/)
})
