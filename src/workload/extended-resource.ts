import { asRecord, propertyAt } from '../lib/untrusted.ts'
import { isLabelKey } from './label-syntax.ts'
import type { Toleration } from './toleration.ts'

/**
 * Tolerations for the devices that containers ask for, which clusters with the admission plug-in ExtendedResourceToleration
 * (kubernetes plugin/pkg/admission/extendedresourcetoleration) add to the pod. Whether this cluster has it is not told, so a template's
 * pod may land on those nodes.
 */
export const deviceTolerations = (containers: readonly unknown[]): readonly Toleration[] =>
  [...new Set(containers.flatMap(resourceNames))]
    .filter(isExtended)
    .map(key => ({ key, operator: 'Exists', value: '', effect: 'NoSchedule' }))

// A limit is a request too: kubernetes pkg/apis/core/v1/defaults.go.
const resourceNames = (container: unknown): readonly string[] =>
  ['requests', 'limits'].flatMap(list => Object.keys(asRecord(propertyAt(container, 'resources', list)) ?? {}))

// kubernetes pkg/apis/core/helper/helpers.go IsExtendedResourceName
const isExtended = (name: string): boolean =>
  name.includes('/') &&
  !name.includes('kubernetes.io/') &&
  !name.startsWith('requests.') &&
  isLabelKey(`requests.${name}`)
