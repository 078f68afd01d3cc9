import { asList, asRecord, asText, ownProperty } from '../../lib/untrusted.ts'
import type { ImageText, ImageUse, Workload } from '../../workload/workload.ts'
import { bareUse, bareWorkload } from '../asked-images.ts'

/** Files that are no manifests, and name images all the same. */
export type OtherFiles = 'compose' | 'actions'

/** All of them. */
export const otherFiles: readonly OtherFiles[] = ['compose', 'actions']

const entriesOf = (value: unknown): readonly (readonly [name: string, value: unknown])[] =>
  Object.entries(asRecord(value) ?? {})

const step = (name: string): string =>
  /^[\w-]{1,63}$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 63))}]`

/** Text with a part that is filled in before it is used. */
const imageText = (text: string, filledIn: string): ImageText => ({
  kind: text.includes(filledIn) ? 'placeholder' : 'image',
  text,
})

// What is built here is not pulled, though it has a name; and what is never pulled is not asked for.
const isPulled = (service: unknown): boolean =>
  ownProperty(service, 'build') === undefined &&
  !['never', 'build'].includes(asText(ownProperty(service, 'pull_policy')) ?? '')

const composeService = ([name, service]: readonly [string, unknown]): readonly Workload[] => {
  const image = asText(ownProperty(service, 'image'))
  if (image === undefined || !isPulled(service)) return []
  const use = bareUse(imageText(image, '$'), `services${step(name)}.image`, name)
  return [bareWorkload({ apiVersion: 'compose', kind: 'service', namespace: '', name }, [use])]
}

/** What a job's `container` and `services` have: the image alone, or a map. */
const jobImage = (value: unknown, path: string, name: string): readonly ImageUse[] => {
  const alone = asText(value)
  const image = alone ?? asText(ownProperty(value, 'image'))
  if (image === undefined || image === '') return []
  return [
    bareUse(imageText(image.replace(/^docker:\/\//, ''), '${{'), alone === undefined ? `${path}.image` : path, name),
  ]
}

const stepImage = (value: unknown, path: string): readonly ImageUse[] => {
  const uses = asText(ownProperty(value, 'uses')) ?? ''
  const prefix = 'docker://'
  return uses.startsWith(prefix) ? [bareUse(imageText(uses.slice(prefix.length), '${{'), `${path}.uses`, '')] : []
}

const hasLogin = (value: unknown): boolean => ownProperty(value, 'credentials') !== undefined

const workflowJob = ([name, job]: readonly [string, unknown]): readonly Workload[] => {
  const path = `jobs${step(name)}`
  const [container, services] = [ownProperty(job, 'container'), entriesOf(ownProperty(job, 'services'))]
  const images = [
    ...jobImage(container, `${path}.container`, name),
    ...services.flatMap(([service, value]) => jobImage(value, `${path}.services${step(service)}`, service)),
    ...asList(ownProperty(job, 'steps')).flatMap((value, index) => stepImage(value, `${path}.steps[${index}]`)),
  ]
  const workload = bareWorkload({ apiVersion: 'actions', kind: 'job', namespace: '', name }, images)
  const isSecret = hasLogin(container) || services.some(([, value]) => hasLogin(value))
  // The login stands in the secrets of the repository.
  return [isSecret ? { ...workload, pullAs: { ...workload.pullAs, imagePullSecrets: undefined } } : workload]
}

/** The images of a Compose file or of a workflow of GitHub Actions; none where the document is neither, or nobody asked for it. */
export const otherWorkloads = (document: unknown, also: readonly OtherFiles[]): readonly Workload[] => {
  if (ownProperty(document, 'apiVersion') !== undefined) return []
  const jobs = ownProperty(document, 'jobs')
  if (jobs !== undefined) return also.includes('actions') ? entriesOf(jobs).flatMap(workflowJob) : []
  return also.includes('compose') ? entriesOf(ownProperty(document, 'services')).flatMap(composeService) : []
}
