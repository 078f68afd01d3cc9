import { type Kind, partial, plain, pod } from './kind.ts'

const v1alpha1 = { ...plain, versions: ['v1alpha1'] }
const crds = 'volcano-sh/volcano config/crd'

/** Volcano. */
export const volcanoKinds: readonly Kind[] = [
  {
    ...v1alpha1,
    group: 'batch.volcano.sh',
    kind: 'Job',
    resource: 'jobs',
    pods: [pod('spec.tasks[*].template.spec')],
    sources: [`${crds}/volcano/bases/batch.volcano.sh_jobs.yaml`],
  },
  {
    ...v1alpha1,
    group: 'batch.volcano.sh',
    kind: 'CronJob',
    resource: 'cronjobs',
    pods: [pod('spec.jobTemplate.spec.tasks[*].template.spec')],
    sources: [`${crds}/volcano/bases/batch.volcano.sh_cronjobs.yaml`],
  },
  {
    // A JobFlow may patch the job that it makes of it.
    ...v1alpha1,
    ...partial,
    group: 'flow.volcano.sh',
    kind: 'JobTemplate',
    resource: 'jobtemplates',
    pods: [pod('spec.tasks[*].template.spec')],
    sources: [`${crds}/jobflow/bases/flow.volcano.sh_jobtemplates.yaml`],
  },
]
