import {
  configMap,
  container,
  cronJob,
  custom,
  daemonSet,
  deployment,
  environment,
  hook,
  image,
  type Made,
  pinned,
  pod,
  statefulSet,
  testPod,
} from './make.ts'

/** What a well-known chart makes: the same kinds, with images in the same places, and none of its text. */
export interface Shape {
  readonly chart: string
  /** Where the chart itself is: `owner/repository path`. */
  readonly facts: string
  readonly objects: readonly Made[]
}

const alone = (name: string, more: Made = {}): Made => pod([container(image(name), more)])

/** A Bitnami container begins with one that puts its files in place. */
const prepared = (name: string, ...more: readonly string[]): Made =>
  pod(
    [name, ...more].map(each => container(image(each))),
    [container(image(name), { name: 'prepare', command: ['/bin/sh', '-ec', 'cp -r /opt/app /target'] })],
  )

const linkerdProxy = container(image('linkerd/proxy'), { name: 'linkerd-proxy' })
const meshed = (...names: readonly string[]): Made =>
  pod(
    names.map(name => container(image(`linkerd/${name}`), { name })),
    [container(image('linkerd/proxy-init'), { name: 'linkerd-init' }), { ...linkerdProxy, restartPolicy: 'Always' }],
  )

const injected = `template: |
  spec:
    initContainers:
      - name: istio-init
        image: "${image('istio/proxyv2')}"
`

const gpuParts = ['driver', 'toolkit', 'devicePlugin', 'dcgmExporter', 'migManager'] as const

/** Well-known charts, in the order of the alphabet. */
export const shapes: readonly Shape[] = [
  {
    chart: 'Agones',
    facts: 'googleforgames/agones install/helm/agones',
    objects: [
      deployment(
        'agones-controller',
        alone('agones/controller', environment({ SIDECAR_IMAGE: image('agones/sdk-server') })),
      ),
      deployment('agones-extensions', alone('agones/extensions')),
      deployment('agones-allocator', alone('agones/allocator')),
      custom('agones.dev/v1', 'Fleet', {
        template: { spec: { ports: [], template: { spec: pod([container(image('games/udp-server'))]) } } },
      }),
    ],
  },
  {
    chart: 'Argo CD',
    facts: 'argoproj/argo-helm charts/argo-cd',
    objects: [
      ...['applicationset-controller', 'notifications-controller', 'server'].map(name =>
        deployment(`argocd-${name}`, alone('argoproj/argocd')),
      ),
      deployment(
        'argocd-repo-server',
        pod(
          [container(image('argoproj/argocd'))],
          [container(image('argoproj/argocd'), { name: 'copyutil', command: ['/bin/cp'] })],
        ),
      ),
      deployment(
        'argocd-dex-server',
        pod([container(image('dex/dex'))], [container(image('argoproj/argocd'), { name: 'copyutil' })]),
      ),
      deployment('argocd-redis', pod([container(image('library/redis')), container(image('oliver006/exporter'))])),
      statefulSet('argocd-application-controller', alone('argoproj/argocd')),
      hook('argocd-redis-secret-init', 'pre-install,pre-upgrade', alone('argoproj/argocd')),
      custom('argoproj.io/v1alpha1', 'Application', {
        source: {
          helm: { parameters: [{ name: 'image', value: image('shop/web') }], values: `image: ${image('shop/web')}\n` },
        },
      }),
    ],
  },
  {
    chart: 'Argo Workflows',
    facts: 'argoproj/argo-helm charts/argo-workflows',
    objects: [
      deployment(
        'workflow-controller',
        alone('argoproj/controller', { args: ['--executor-image', image('argoproj/argoexec')] }),
      ),
      deployment('argo-server', alone('argoproj/argocli')),
      hook('crd-install', 'pre-install,pre-upgrade', alone('bitnami/kubectl')),
      custom('argoproj.io/v1alpha1', 'WorkflowTemplate', {
        arguments: { parameters: [{ name: 'image', value: image('shop/build') }] },
        templates: [
          { name: 'build', container: container(image('shop/build')), sidecars: [container(image('library/dind'))] },
          { name: 'given', container: { image: '{{workflow.parameters.image}}' } },
          { name: 'script', script: { image: image('library/python'), source: 'print(1)' } },
          { name: 'set', containerSet: { containers: [container(image('shop/a')), container(image('shop/b'))] } },
          { name: 'steps', steps: [[{ name: 'inline', inline: { container: { image: image('shop/inline') } } }]] },
        ],
      }),
    ],
  },
  {
    chart: 'cert-manager',
    facts: 'cert-manager/cert-manager deploy/charts/cert-manager',
    objects: [
      deployment(
        'cert-manager',
        alone('jetstack/controller', { args: ['--v=2', `--acme-http01-solver-image=${image('jetstack/acmesolver')}`] }),
      ),
      deployment('cert-manager-cainjector', alone('jetstack/cainjector')),
      deployment('cert-manager-webhook', alone('jetstack/webhook')),
      hook('cert-manager-startupapicheck', 'post-install', alone('jetstack/startupapicheck')),
    ],
  },
  {
    chart: 'Cilium',
    facts: 'cilium/cilium install/kubernetes/cilium',
    objects: [
      daemonSet(
        'cilium',
        pod(
          [container(pinned('cilium/cilium'), { name: 'cilium-agent' })],
          [
            'config',
            'mount-cgroup',
            'apply-sysctl-overwrites',
            'mount-bpf-fs',
            'clean-cilium-state',
            'install-cni',
          ].map(name => container(pinned('cilium/cilium'), { name })),
          { hostNetwork: true, tolerations: [{ operator: 'Exists' }] },
        ),
      ),
      daemonSet('cilium-envoy', pod([container(pinned('cilium/envoy'))])),
      deployment('cilium-operator', pod([container(pinned('cilium/operator-generic'))])),
      deployment('hubble-relay', pod([container(pinned('cilium/hubble-relay'))])),
      deployment(
        'hubble-ui',
        pod([container(pinned('cilium/hubble-ui')), container(pinned('cilium/hubble-ui-backend'))]),
      ),
      cronJob('hubble-generate-certs', pod([container(pinned('cilium/certgen'))])),
    ],
  },
  {
    chart: 'CloudNativePG',
    facts: 'cloudnative-pg/charts charts/cloudnative-pg',
    objects: [
      deployment('cnpg', alone('cnpg/operator', environment({ OPERATOR_IMAGE_NAME: image('cnpg/operator') }))),
      custom('postgresql.cnpg.io/v1', 'Cluster', { instances: 3, imageName: image('cnpg/postgresql') }),
      testPod('ping', alone('library/alpine')),
    ],
  },
  {
    chart: 'Crossplane',
    facts: 'crossplane/crossplane cluster/charts/crossplane',
    objects: [
      deployment('crossplane', prepared('crossplane/crossplane')),
      deployment('crossplane-rbac-manager', prepared('crossplane/crossplane')),
      custom('pkg.crossplane.io/v1', 'Provider', { package: image('crossplane/provider-aws') }),
      custom('pkg.crossplane.io/v1', 'Function', { package: image('crossplane/function-patch') }),
      custom('pkg.crossplane.io/v1beta1', 'DeploymentRuntimeConfig', {
        deploymentTemplate: { spec: { template: { spec: pod([container(image('crossplane/provider-debug'))]) } } },
      }),
    ],
  },
  {
    chart: 'ECK (Elastic)',
    facts: 'elastic/cloud-on-k8s deploy/eck-operator, config/recipes',
    objects: [
      statefulSet(
        'elastic-operator',
        alone('elastic/eck-operator', environment({ OPERATOR_IMAGE: image('elastic/eck-operator') })),
      ),
      custom('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', {
        image: image('elastic/elasticsearch'),
        nodeSets: [{ name: 'hot', podTemplate: { spec: { initContainers: [container(image('library/sysctl'))] } } }],
      }),
      custom('beat.k8s.elastic.co/v1beta1', 'Beat', {
        deployment: { podTemplate: { spec: { initContainers: [container(image('library/busybox'))] } } },
      }),
    ],
  },
  {
    chart: 'External Secrets',
    facts: 'external-secrets/external-secrets deploy/charts/external-secrets',
    objects: ['external-secrets', 'external-secrets-webhook', 'external-secrets-cert-controller'].map(name =>
      deployment(name, alone('external-secrets/external-secrets')),
    ),
  },
  {
    chart: 'GitLab',
    facts: 'kubesphere/helm-charts src/main/gitlab',
    objects: [
      ...['webservice', 'sidekiq'].map(name =>
        deployment(
          `gitlab-${name}`,
          pod(
            [
              container(image(`gitlab/${name}`)),
              ...(name === 'webservice' ? [container(image('gitlab/workhorse'))] : []),
            ],
            ['certificates', 'gitlab-base', 'dependencies'].map(part => container(image(`gitlab/${part}`))),
          ),
        ),
      ),
      deployment('gitlab-kas', pod([container(image('gitlab/kas'))], [container(image('gitlab/certificates'))])),
      deployment(
        'gitlab-registry',
        pod([container(image('gitlab/registry'))], [container(image('gitlab/certificates'))]),
      ),
      deployment('gitlab-shell', pod([container(image('gitlab/shell'))], [container(image('gitlab/gitlab-base'))])),
      statefulSet('gitaly', pod([container(image('gitlab/gitaly'))], [container(image('gitlab/certificates'))])),
      hook('gitlab-migrations', 'post-install,post-upgrade', pod([container(image('gitlab/toolbox'))])),
      hook('gitlab-shared-secrets', 'pre-install,pre-upgrade', pod([container(image('gitlab/kubectl'))])),
      cronJob(
        'gitlab-toolbox-backup',
        pod([container(image('gitlab/toolbox'))], [container(image('gitlab/certificates'))]),
      ),
      deployment('gitlab-runner', alone('gitlab/runner')),
      configMap('gitlab-runner', {
        'config.template.toml': `[[runners]]\n  [runners.kubernetes]\n    image = "${image('library/ubuntu')}"\n`,
      }),
    ],
  },
  {
    chart: 'GPU Operator',
    facts: 'NVIDIA/gpu-operator deployments/gpu-operator',
    objects: [
      deployment(
        'gpu-operator',
        alone('nvidia/gpu-operator', environment({ DRIVER_MANAGER_IMAGE: image('nvidia/k8s-driver-manager') })),
      ),
      daemonSet('node-feature-discovery-worker', alone('nfd/node-feature-discovery')),
      deployment('node-feature-discovery-master', alone('nfd/node-feature-discovery')),
      hook('gpu-operator-upgrade-crd', 'pre-upgrade', alone('nvidia/gpu-operator')),
      hook('gpu-operator-cleanup-crd', 'pre-delete', alone('nvidia/gpu-operator')),
      custom(
        'nvidia.com/v1',
        'ClusterPolicy',
        Object.fromEntries(
          gpuParts.map(part => [part, { repository: 'registry.example/nvidia', image: part, version: 'v1.2.3' }]),
        ),
      ),
    ],
  },
  {
    chart: 'Harbor',
    facts: 'goharbor/harbor-helm',
    objects: [
      ...['core', 'jobservice', 'portal', 'nginx'].map(name => deployment(`harbor-${name}`, alone(`goharbor/${name}`))),
      deployment(
        'harbor-registry',
        pod([container(image('goharbor/registry')), container(image('goharbor/registryctl'))]),
      ),
      statefulSet(
        'harbor-database',
        pod([container(image('goharbor/db'))], [container(image('goharbor/db'), { name: 'data-permissions' })]),
      ),
      statefulSet('harbor-redis', alone('goharbor/redis')),
      statefulSet('harbor-trivy', alone('goharbor/trivy-adapter')),
    ],
  },
  {
    chart: 'ingress-nginx',
    facts: 'kubernetes/ingress-nginx charts/ingress-nginx',
    objects: [
      deployment(
        'ingress-nginx-controller',
        pod([container(pinned('ingress-nginx/controller'))], [container(pinned('ingress-nginx/opentelemetry'))]),
      ),
      deployment('ingress-nginx-defaultbackend', alone('ingress-nginx/defaultbackend')),
      hook(
        'ingress-nginx-admission-create',
        'pre-install,pre-upgrade',
        pod([container(pinned('ingress-nginx/certgen'))]),
      ),
      hook(
        'ingress-nginx-admission-patch',
        'post-install,post-upgrade',
        pod([container(pinned('ingress-nginx/certgen'))]),
      ),
    ],
  },
  {
    chart: 'Istio',
    facts: 'istio/istio manifests/charts',
    objects: [
      deployment('istiod', alone('istio/pilot')),
      daemonSet('istio-cni-node', alone('istio/install-cni')),
      daemonSet('ztunnel', alone('istio/ztunnel')),
      // The injector puts the proxy's image here.
      deployment('istio-ingressgateway', pod([container('auto', { name: 'istio-proxy' })])),
      configMap('istio-sidecar-injector', { config: injected }),
      custom('extensions.istio.io/v1alpha1', 'WasmPlugin', { url: `oci://${image('istio/basic-auth')}` }),
    ],
  },
  {
    chart: 'KEDA',
    facts: 'kedacore/charts keda',
    objects: [
      ...['operator', 'metrics-apiserver', 'admission-webhooks'].map(name =>
        deployment(`keda-${name}`, alone(`kedacore/${name}`)),
      ),
      custom('keda.sh/v1alpha1', 'ScaledJob', {
        jobTargetRef: { template: { spec: pod([container(image('shop/consumer'))]) } },
      }),
    ],
  },
  {
    chart: 'Keycloak (Bitnami)',
    facts: 'bitnami/charts bitnami/keycloak',
    objects: [
      statefulSet('keycloak', prepared('bitnami/keycloak')),
      statefulSet('postgresql', prepared('bitnami/postgresql', 'bitnami/postgres-exporter')),
      hook('keycloak-config-cli', 'post-install,post-upgrade,post-rollback', alone('bitnami/keycloak-config-cli')),
      custom('k8s.keycloak.org/v2alpha1', 'Keycloak', { image: image('keycloak/keycloak') }),
    ],
  },
  {
    chart: 'Knative Serving',
    facts: 'knative/serving config/core',
    objects: [
      ...['activator', 'autoscaler', 'controller', 'webhook'].map(name =>
        deployment(name, pod([container(pinned(`knative/${name}`))])),
      ),
      configMap('config-deployment', { 'queue-sidecar-image': pinned('knative/queue') }),
      custom('caching.internal.knative.dev/v1alpha1', 'Image', { image: pinned('knative/queue') }),
      hook('storage-version-migration', 'post-upgrade', pod([container(pinned('knative/migrate'))])),
      custom('serving.knative.dev/v1', 'Service', {
        template: { spec: { containers: [{ image: image('shop/fn') }] } },
      }),
    ],
  },
  {
    chart: 'kube-prometheus-stack',
    facts: 'prometheus-community/helm-charts charts/kube-prometheus-stack',
    objects: [
      daemonSet('node-exporter', alone('prometheus/node-exporter')),
      deployment('kube-state-metrics', pod([container(pinned('kube-state-metrics/kube-state-metrics'))])),
      deployment(
        'grafana',
        pod(
          [
            container(image('grafana/grafana')),
            ...['dashboards', 'datasources'].map(name => container(image('kiwigrid/k8s-sidecar'), { name })),
          ],
          [container(image('library/busybox'), { name: 'init-chown-data' })],
        ),
      ),
      deployment(
        'operator',
        alone('prometheus-operator/prometheus-operator', {
          args: [
            `--prometheus-config-reloader=${image('prometheus-operator/prometheus-config-reloader')}`,
            `--thanos-default-base-image=${image('thanos/thanos')}`,
          ],
        }),
      ),
      hook(
        'admission-create',
        'pre-install,pre-upgrade',
        pod([container(image('ingress-nginx/kube-webhook-certgen'))]),
      ),
      hook(
        'admission-patch',
        'post-install,post-upgrade',
        pod([container(image('ingress-nginx/kube-webhook-certgen'))]),
      ),
      testPod('grafana-test', alone('bats/bats')),
      ...['Prometheus', 'Alertmanager', 'ThanosRuler'].map(kind =>
        custom('monitoring.coreos.com/v1', kind, { replicas: 1, image: image(`prometheus/${kind.toLowerCase()}`) }),
      ),
    ],
  },
  {
    chart: 'KubeVirt',
    facts: 'kubevirt/kubevirt manifests, examples',
    objects: [
      deployment(
        'virt-operator',
        alone('kubevirt/virt-operator', environment({ VIRT_OPERATOR_IMAGE: image('kubevirt/virt-operator') })),
      ),
      custom('kubevirt.io/v1', 'KubeVirt', { imageRegistry: 'registry.example/kubevirt', imageTag: 'v1.2.3' }),
      custom('kubevirt.io/v1', 'VirtualMachine', {
        template: { spec: { volumes: [{ name: 'disk', containerDisk: { image: image('kubevirt/cirros') } }] } },
      }),
    ],
  },
  {
    chart: 'Kyverno',
    facts: 'kyverno/kyverno charts/kyverno',
    objects: [
      deployment(
        'kyverno-admission-controller',
        pod([container(image('kyverno/kyverno'))], [container(image('kyverno/kyvernopre'))]),
      ),
      ...['background', 'cleanup', 'reports'].map(name =>
        deployment(`kyverno-${name}-controller`, alone(`kyverno/${name}-controller`)),
      ),
      ...['metrics', 'liveness', 'readiness'].map(name => testPod(`kyverno-${name}`, alone('kyverno/test'))),
      hook('kyverno-migrate-resources', 'post-upgrade', alone('kyverno/cli')),
      hook('kyverno-scale-to-zero', 'pre-delete', alone('bitnami/kubectl')),
    ],
  },
  {
    chart: 'Linkerd',
    facts: 'linkerd/linkerd2 charts/linkerd-control-plane',
    objects: [
      deployment('linkerd-destination', meshed('destination', 'sp-validator', 'policy')),
      deployment('linkerd-identity', meshed('identity')),
      deployment('linkerd-proxy-injector', meshed('proxy-injector')),
      cronJob('linkerd-heartbeat', alone('linkerd/controller')),
      daemonSet('linkerd-cni', alone('linkerd/cni-plugin')),
      deployment('web', alone('shop/web'), { 'config.linkerd.io/proxy-image': image('linkerd/proxy') }),
    ],
  },
  {
    chart: 'Loki',
    facts: 'grafana/loki production/helm/loki',
    objects: [
      statefulSet('loki-write', alone('grafana/loki')),
      statefulSet('loki-backend', pod([container(image('grafana/loki')), container(image('kiwigrid/k8s-sidecar'))])),
      deployment('loki-read', alone('grafana/loki')),
      deployment('loki-gateway', alone('nginxinc/nginx-unprivileged')),
      daemonSet('loki-canary', alone('grafana/loki-canary')),
      ...['chunks', 'results'].map(name =>
        statefulSet(
          `loki-${name}-cache`,
          pod([container(image('library/memcached')), container(image('prom/memcached-exporter'))]),
        ),
      ),
      testPod('loki-helm-test', alone('grafana/loki-helm-test')),
    ],
  },
  {
    chart: 'Longhorn',
    facts: 'longhorn/charts charts/longhorn',
    objects: [
      daemonSet(
        'longhorn-manager',
        alone('longhornio/manager', {
          command: [
            'longhorn-manager',
            '--engine-image',
            image('longhornio/engine'),
            '--instance-manager-image',
            image('longhornio/instance-manager'),
            '--share-manager-image',
            image('longhornio/share-manager'),
          ],
        }),
      ),
      deployment(
        'longhorn-driver-deployer',
        pod(
          [
            container(
              image('longhornio/manager'),
              environment({
                CSI_ATTACHER_IMAGE: image('longhornio/csi-attacher'),
                CSI_PROVISIONER_IMAGE: image('longhornio/csi-provisioner'),
              }),
            ),
          ],
          [container(image('longhornio/manager'), { name: 'wait-longhorn-manager' })],
        ),
      ),
      deployment('longhorn-ui', alone('longhornio/ui')),
      ...['post-upgrade', 'pre-upgrade', 'pre-delete'].map(moment =>
        hook(`longhorn-${moment}`, moment, alone('longhornio/manager')),
      ),
    ],
  },
  {
    chart: 'Rook Ceph',
    facts: 'rook/rook deploy/charts/rook-ceph, deploy/charts/rook-ceph-cluster',
    objects: [
      deployment('rook-ceph-operator', alone('rook/ceph')),
      deployment('rook-ceph-tools', alone('ceph/ceph')),
      configMap('rook-csi-operator-image-set', {
        provisioner: image('sig-storage/csi-provisioner'),
        plugin: image('cephcsi/cephcsi'),
      }),
      custom('ceph.rook.io/v1', 'CephCluster', { cephVersion: { image: image('ceph/ceph') } }),
    ],
  },
  {
    chart: 'Strimzi',
    facts: 'strimzi/strimzi-kafka-operator packaging/helm-charts/helm3',
    objects: [
      deployment(
        'strimzi-cluster-operator',
        alone(
          'strimzi/operator',
          environment({
            STRIMZI_DEFAULT_KAFKA_EXPORTER_IMAGE: image('strimzi/kafka'),
            STRIMZI_KAFKA_IMAGES: `4.2.0=${image('strimzi/kafka')}\n4.3.0=${image('strimzi/kafka')}\n`,
          }),
        ),
      ),
      custom('kafka.strimzi.io/v1', 'Kafka', { kafka: { image: image('strimzi/kafka'), replicas: 3 } }),
      custom('kafka.strimzi.io/v1', 'KafkaConnect', { build: { output: { image: image('shop/connect') } } }),
    ],
  },
  {
    chart: 'Tekton Pipelines',
    facts: 'tektoncd/pipeline config, examples',
    objects: [
      deployment(
        'tekton-pipelines-controller',
        pod([
          container(pinned('tektoncd/controller'), {
            args: ['-entrypoint-image', pinned('tektoncd/entrypoint'), '-nop-image', pinned('tektoncd/nop')],
          }),
        ]),
      ),
      deployment('tekton-pipelines-webhook', pod([container(pinned('tektoncd/webhook'))])),
      custom('tekton.dev/v1', 'Task', {
        params: [{ name: 'builder', default: image('shop/kaniko') }],
        stepTemplate: { image: image('library/ubuntu') },
        steps: [
          { name: 'clone', image: image('tektoncd/git-init') },
          { name: 'build', image: '$(params.builder)' },
        ],
        sidecars: [{ name: 'dind', image: image('library/dind') }],
      }),
      custom('tekton.dev/v1', 'Pipeline', {
        tasks: [
          { name: 'test', taskSpec: { steps: [{ image: image('library/golang') }] } },
          { name: 'nested', pipelineSpec: { tasks: [{ taskSpec: { steps: [{ image: image('shop/nested') }] } }] } },
        ],
        finally: [{ name: 'tell', taskSpec: { steps: [{ image: image('library/curl') }] } }],
      }),
      custom('tekton.dev/v1', 'PipelineRun', {
        pipelineRef: { name: 'release' },
        params: [{ name: 'image', value: image('shop/web') }],
      }),
    ],
  },
  {
    chart: 'Traefik',
    facts: 'traefik/traefik-helm-chart traefik',
    objects: [
      deployment(
        'traefik',
        pod(
          [container(image('library/traefik'))],
          [container(image('library/busybox'), { name: 'volume-permissions' })],
        ),
      ),
    ],
  },
  {
    chart: 'Vault',
    facts: 'hashicorp/vault-helm',
    objects: [
      statefulSet('vault', alone('hashicorp/vault')),
      deployment(
        'vault-agent-injector',
        alone('hashicorp/vault-k8s', environment({ AGENT_INJECT_VAULT_IMAGE: image('hashicorp/vault') })),
      ),
      daemonSet(
        'vault-csi-provider',
        pod([container(image('hashicorp/vault-csi')), container(image('hashicorp/vault'))]),
      ),
      testPod('vault-server-test', alone('hashicorp/vault')),
    ],
  },
  {
    chart: 'Velero',
    facts: 'vmware-tanzu/helm-charts charts/velero',
    objects: [
      deployment(
        'velero',
        pod(
          [container(image('velero/velero'))],
          [container(image('velero/plugin-aws')), container(image('velero/plugin-csi'))],
        ),
      ),
      daemonSet('node-agent', alone('velero/velero')),
      hook(
        'velero-upgrade-crds',
        'pre-install,pre-upgrade,pre-rollback',
        pod([container(image('velero/velero'))], [container(image('bitnami/kubectl'))]),
      ),
      configMap('fs-restore-action-config', { image: image('velero/restore-helper') }),
    ],
  },
]
