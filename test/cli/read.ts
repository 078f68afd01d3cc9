import { problemLines } from '../../src/cli/input/input-problem.ts'
import type { NamedText } from '../../src/cli/input/named-text.ts'
import type { OtherFiles } from '../../src/cli/manifest/other-files.ts'
import { readText } from '../../src/cli/manifest/read-text.ts'
import { builtInKinds } from '../../src/workload/kinds.ts'

/** Reads a text as `pullgate check` does, and gives what matters of it to a test. */
export const read = (text: string, source: Partial<NamedText> = {}, also: readonly OtherFiles[] = []) => {
  const named: NamedText = { name: 'web.yaml', text, origin: 'named', judged: true, ...source }
  const found = readText(named, { kinds: builtInKinds, also })
  const uses = found.objects.flatMap(object =>
    object.workloads.flatMap(({ images }) => images.map(use => ({ object, use, place: object.placeOf(use) }))),
  )
  return {
    ...found,
    uses,
    images: uses.map(({ use }) => use.image.text),
    places: uses.map(({ use, place }) => `${use.image.text} ${place?.line}:${place?.column}`),
    errors: found.problems.filter(({ weight }) => weight === 'error').map(problem => problemLines(problem)[0]),
    notes: found.problems.filter(({ weight }) => weight === 'note').map(problem => problemLines(problem)[0]),
  }
}

/** A Deployment of one container, with more lines below its pod's spec. */
export const deployment = (image: string, name = 'web'): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: web
          image: ${image}
`
