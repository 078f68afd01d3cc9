import { asList, asRecord, asText, ownProperty, propertyAt } from '../../src/lib/untrusted.ts'
import type { End } from './row.ts'

/** How it ended on the node, and in which words. */
export interface Ended {
  readonly end: End | 'unknown end'
  readonly words: string
}

const ended = (end: Ended['end'], words = ''): Ended => ({ end, words })

const statusOf = (pod: unknown): Readonly<Record<string, unknown>> | undefined =>
  ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']
    .flatMap(list => asList(propertyAt(pod, 'status', list)))
    .map(asRecord)
    .find(status => status !== undefined && ownProperty(status, 'name') === 'c')

/** Reasons that a container has before anything is known of it. */
const beginnings: readonly string[] = ['ContainerCreating', 'PodInitializing', '']

const ends: Readonly<Record<string, End>> = {
  ErrImagePull: 'ErrImagePull',
  ImagePullBackOff: 'ErrImagePull',
  InvalidImageName: 'InvalidImageName',
  ErrImageNeverPull: 'ErrImageNeverPull',
  CreateContainerError: 'CreateContainerError',
  RunContainerError: 'RunContainerError',
}

const waitingEnd = (reason: string, message: string): Ended | undefined => {
  if (beginnings.includes(reason)) return undefined
  const known = Object.hasOwn(ends, reason) ? ends[reason] : undefined
  if (known !== undefined) return ended(known, message)
  // The kubelet shows the decoder's own words as the reason.
  return /base64|auth field|json|invalid character/.test(reason)
    ? ended('undecodable secret', reason)
    : ended('unknown end', `${reason}: ${message}`)
}

const terminatedEnd = (exitCode: unknown, reason: string, message: string): Ended => {
  if (exitCode === 0) return ended('runs', 'ended with 0')
  if (reason === 'StartError' || reason === 'ContainerCannotRun') return ended('RunContainerError', message)
  return message.includes('exec format error')
    ? ended('exec format error', message)
    : ended('unknown end', `${reason} ${String(exitCode)}: ${message}`)
}

/**
 * How it ended for the container `c` of a pod; undefined while that is not known. One that is to end by itself is not over while it
 * runs: the kernel may yet refuse its program.
 */
export const endOf = (pod: unknown, isToStay: boolean): Ended | undefined => {
  const status = statusOf(pod)
  if (status === undefined) return undefined
  const text = (...path: [string, string]): string => asText(propertyAt(status, 'state', ...path)) ?? ''
  if (propertyAt(status, 'state', 'running') !== undefined) return isToStay ? ended('runs', 'is running') : undefined
  if (propertyAt(status, 'state', 'terminated') !== undefined)
    return terminatedEnd(
      propertyAt(status, 'state', 'terminated', 'exitCode'),
      text('terminated', 'reason'),
      text('terminated', 'message'),
    )
  return waitingEnd(text('waiting', 'reason'), text('waiting', 'message'))
}
