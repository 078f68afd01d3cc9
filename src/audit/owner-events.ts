import type { EventNote } from '../cluster/events.ts'
import type { Sheet, SheetFinding } from '../report/sheet.ts'
import type { ObjectName } from '../workload/workload.ts'
import type { Owned } from './inventory.ts'

const keyOf = ({ apiVersion, kind, namespace, name }: ObjectName): string =>
  JSON.stringify([apiVersion, kind, namespace, name])

const noteOf = (object: ObjectName, uid: string, denied: readonly SheetFinding[]): EventNote => {
  const { message = '', hint = '' } = denied[0] ?? {}
  const more = denied.length > 1 ? ` (and ${denied.length - 1} more)` : ''
  return {
    object: { ...object, uid },
    reason: 'ImageNotPullable',
    message: `${message}${hint === '' ? '' : `; ${hint}`}${more}`,
  }
}

/** An Event for each owner whose pods could not be pulled again. */
export const ownerEvents = (owners: readonly Owned[], { findings }: Sheet): readonly EventNote[] => {
  const byOwner = Map.groupBy(
    findings.filter(({ action }) => action === 'deny'),
    ({ object }) => keyOf(object),
  )
  return owners.flatMap(({ object, uid }) => {
    const denied = byOwner.get(keyOf(object))
    return denied === undefined ? [] : [noteOf(object, uid, denied)]
  })
}
