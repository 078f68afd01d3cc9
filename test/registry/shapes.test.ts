import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../src/webhook/certificate.ts'
import { pullOf } from '../support/reference-of.ts'
import { artifactory, openArtifactory, redirectedArtifactory } from '../support/shapes/artifactory.ts'
import { acr, fencedAcr, mcr, openAcr } from '../support/shapes/azure.ts'
import type { Cell } from '../support/shapes/cell.ts'
import { dockerHub, dockerHubWith } from '../support/shapes/docker-hub.ts'
import { ecr } from '../support/shapes/ecr.ts'
import { ecrPublic } from '../support/shapes/ecr-public.ts'
import { ghcr } from '../support/shapes/ghcr.ts'
import { gitlab } from '../support/shapes/gitlab.ts'
import { artifactRegistry, containerRegistry } from '../support/shapes/google.ts'
import { harbor, harborProxy } from '../support/shapes/harbor.ts'
import { kubernetes } from '../support/shapes/kubernetes.ts'
import { nexus } from '../support/shapes/nexus.ts'
import { quay } from '../support/shapes/quay.ts'
import type { Shape } from '../support/shapes/shape.ts'
import { type Asker, type Stage, startStage } from '../support/shapes/stage.ts'

const shapes: readonly Shape[] = [
  ...[dockerHub, ghcr, quay, ecr, ecrPublic, artifactRegistry, containerRegistry, acr, openAcr, fencedAcr, mcr],
  ...[gitlab, harbor, harborProxy, artifactory, openArtifactory, redirectedArtifactory, kubernetes, nexus],
]
const names = [...new Set(shapes.flatMap(({ hosts }) => hosts))]
const stageTls = makeCertificate(names, new Date(), 60 * 60 * 1000).then(made => ({ ...made, trusted: [made.ca] }))

/** What a test uses of a shape; all its tests share one server. */
const onStage = (shape: Shape) => {
  let stage: Stage | undefined
  const askers = new Map<string, Asker>()
  beforeAll(async () => {
    stage = await startStage(shape, await stageTls)
  })
  afterAll(async () => {
    for (const asker of askers.values()) await asker.close()
    await stage?.close()
  })
  const theStage = (): Stage => {
    if (stage === undefined) throw new Error('not started')
    return stage
  }
  /** Somebody who knows nothing yet, and the same again by the same name. */
  const askerCalled = (name: string): Asker => {
    const asker = askers.get(name) ?? theStage().asker()
    askers.set(name, asker)
    return asker
  }
  return { askerCalled, expireTokens: () => theStage().expireTokens() }
}

const imageOf = ({ images }: Shape, name: string): string => {
  const image = images[name]
  if (image === undefined) throw new Error(`no image is called ${name}`)
  return image
}

const whose: Readonly<Record<Cell['as'], string>> = {
  anonymous: 'with no credentials',
  wrong: 'with wrong credentials',
  expired: 'with expired credentials',
  right: 'with right credentials',
}

for (const shape of shapes)
  describe(`${shape.name}, asked`, () => {
    const { askerCalled } = onStage(shape)
    for (const { as, image, wire, told, verdict, noted } of shape.cells) {
      const reference = imageOf(shape, image)
      // What is learnt is learnt for one repository and one credential, so only of these each asker hears once; to dial for
      // every question would take ten seconds.
      const ask = () => askerCalled(`${as} ${reference.split(':')[1]}`).ask(reference, as)
      const name = `${whose[as]} for the image "${image}", ends with: ${told}`
      test(name, async () => {
        const { probed: _, ...heard } = await ask()
        expect(heard).toEqual({ told, verdict, noted, wire, leaks: [] })
      })
    }
  })

test('no image of a shape is asked for twice in the same name, and each is asked for', () => {
  for (const { name, cells, images } of shapes) {
    const keys = cells.map(({ as, image }) => `${name}: ${as} ${image}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(cells.map(({ image }) => image))).toEqual(new Set(Object.keys(images)))
  }
})

describe('Docker Hub with nothing left to pull', () => {
  const shape = dockerHubWith('Docker Hub', 0)
  const { askerCalled } = onStage(shape)

  test('answers HEAD as ever, and its GET says that it is for now', async () => {
    const { told, wire } = await askerCalled('anybody').ask(imageOf(shape, 'public'), 'anonymous')
    expect({ told, wire }).toEqual({ told: 'rate-limited', wire: 'HEAD 401, token GET 200, HEAD 200, GET 429' })
  })
})

describe('Docker Hub with its last pull just used', () => {
  const shape = dockerHubWith('Docker Hub', 0)
  const { askerCalled } = onStage({
    ...shape,
    // The content is known by then; all that is asked is what the name stands for.
    speak: world => {
      const before = dockerHub.speak(world)
      const after = shape.speak(world)
      return asked => (asked.method === 'HEAD' ? after : before)(asked)
    },
  })

  test('is seen by the header of a good HEAD, though the image is there', async () => {
    const { probed, verdict } = await askerCalled('anybody').ask(imageOf(shape, 'public'), 'anonymous')
    expect(probed).toMatchObject({ ok: true, value: { quotaUsedUpAt: 'docker.io' } })
    expect(verdict).toBe('rate-limited')
  })
})

describe('a token that expired between two questions', () => {
  const renewals = [
    { shape: dockerHub, as: 'anonymous', wire: 'HEAD 401, token GET 200, HEAD 200' },
    { shape: dockerHub, as: 'right', wire: 'HEAD 401, token POST 200, HEAD 200' },
    { shape: ghcr, as: 'anonymous', wire: 'HEAD 401, token GET 200, HEAD 200' },
    { shape: gitlab, as: 'right', wire: 'HEAD 401, token POST 404, token GET 200, HEAD 200' },
    { shape: harbor, as: 'right', wire: 'HEAD 401, token POST 405, token GET 200, HEAD 200' },
    { shape: ecrPublic, as: 'anonymous', wire: 'HEAD 400, token GET 200, HEAD 200' },
    { shape: ecrPublic, as: 'right', wire: 'HEAD 400, token POST 405, token GET 200, HEAD 200' },
  ] as const
  for (const { shape, as, wire } of renewals)
    describe(`of ${shape.name}`, () => {
      const { askerCalled, expireTokens } = onStage(shape)

      test(`is renewed once and in silence, ${whose[as]}`, async () => {
        const { ask } = askerCalled('anybody')
        expect((await ask(imageOf(shape, 'public'), as)).told).toBe('facts')
        expireTokens()
        const again = await ask(imageOf(shape, 'public'), as)
        // Where HEAD has no digest the manifest is fetched to learn it.
        expect({ told: again.told, wire: again.wire.replace(/, GET 200$/, '') }).toEqual({ told: 'facts', wire })
      })
    })
})

describe('the list of tags', () => {
  for (const shape of [dockerHub, quay, gitlab, harbor])
    describe(`of ${shape.name}`, () => {
      const { askerCalled } = onStage(shape)

      test('is read to its last page, by a link that is relative or whole', async () => {
        const { dialogue } = askerCalled('anybody')
        const listed = await dialogue.tags(pullOf(imageOf(shape, 'public')), AbortSignal.timeout(5000))
        expect(listed).toMatchObject({ value: { names: ['1', '2'] } })
      })
    })
})
