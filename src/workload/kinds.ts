import { argoRolloutsKinds } from './kinds/argo-rollouts.ts'
import { argoWorkflowsKinds } from './kinds/argo-workflows.ts'
import { flinkKinds } from './kinds/flink.ts'
import type { Kind } from './kinds/kind.ts'
import { knativeKinds } from './kinds/knative.ts'
import { kruiseKinds } from './kinds/kruise.ts'
import { kserveKinds } from './kinds/kserve.ts'
import { kubeflowKinds } from './kinds/kubeflow.ts'
import { kubernetesKinds } from './kinds/kubernetes.ts'
import { kubernetesSigsKinds } from './kinds/kubernetes-sigs.ts'
import { rayKinds } from './kinds/ray.ts'
import { scalerKinds } from './kinds/scalers.ts'
import { sparkKinds } from './kinds/spark.ts'
import { tektonKinds } from './kinds/tekton.ts'
import { volcanoKinds } from './kinds/volcano.ts'

export { type AdmissionRule, admissionRules } from './kinds/admission-rules.ts'
export { type Expansion, type Kind, type PodPlace, plain, pod, podContainers } from './kinds/kind.ts'

/** The kinds that are known without configuration. */
export const builtInKinds: readonly Kind[] = [
  ...kubernetesKinds,
  ...kubernetesSigsKinds,
  ...argoRolloutsKinds,
  ...argoWorkflowsKinds,
  ...tektonKinds,
  ...kruiseKinds,
  ...knativeKinds,
  ...kserveKinds,
  ...kubeflowKinds,
  ...sparkKinds,
  ...flinkKinds,
  ...rayKinds,
  ...volcanoKinds,
  ...scalerKinds,
]

/** The row for a kind, if there is one. */
export const findKind = (kinds: readonly Kind[], group: string, kind: string): Kind | undefined =>
  kinds.find(row => row.group === group && row.kind === kind)
