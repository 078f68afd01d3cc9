import { cronJob, deployment, type Manifest, pod } from './manifest.ts'

/** What must come of an attempt; each text must stand in what kubectl prints. */
export type Expectation =
  | { readonly kind: 'created' }
  | { readonly kind: 'warned'; readonly saying: readonly string[] }
  | { readonly kind: 'denied'; readonly saying: readonly string[] }

/** One `kubectl apply` of the tour. */
export interface Attempt {
  readonly title: string
  /** What `kubectl get pods` would show later if nobody stopped it; '' where nothing would go wrong. */
  readonly otherwise: string
  readonly file: string
  readonly manifest: Manifest
  /** The fields of the manifest that are shown. */
  readonly shown: readonly string[]
  readonly expected: Expectation
}

interface Hosts {
  /** The registry that has the demo's stock. */
  readonly registry: string
  /** An address at which there is none. */
  readonly nobody: string
}

const image = ['image']
const everyPlace = ['kind', 'initContainers', 'containers', 'volumes', 'image', 'reference']

const denied = (...saying: readonly string[]): Expectation => ({ kind: 'denied', saying })

const nightly = (registry: string): Manifest =>
  cronJob('nightly', {
    initContainers: [{ name: 'migrate', image: `${registry}/shop/migrate:4` }],
    // An image volume that no container mounts would stop nothing.
    containers: [
      {
        name: 'report',
        image: `${registry}/shop/web:1.4.0`,
        volumeMounts: [{ name: 'fonts', mountPath: '/usr/share/fonts' }],
      },
    ],
    volumes: [{ name: 'fonts', image: { reference: `${registry}/shop/fonts:3` } }],
  })

/** The attempts of the tour, in the order in which they tell what Pullgate is for. */
export const attempts = ({ registry, nobody }: Hosts): readonly Attempt[] => [
  {
    title: 'The image exists, and was built for the nodes.',
    otherwise: '',
    file: 'web.yaml',
    manifest: deployment('web', `${registry}/shop/web:1.4.0`),
    shown: image,
    expected: { kind: 'created' },
  },
  {
    title: 'A tag that was never pushed.',
    otherwise: 'ImagePullBackOff',
    file: 'web.yaml',
    manifest: deployment('web', `${registry}/shop/web:1.40`),
    shown: image,
    expected: denied('[not-found]', '1.4.0'),
  },
  {
    title: 'A typo in the repository.',
    otherwise: 'ImagePullBackOff',
    file: 'web.yaml',
    manifest: deployment('web', `${registry}/shop/wbe:1.4.0`),
    shown: image,
    expected: denied('[not-found]', 'shop/wbe'),
  },
  {
    title: 'An address pasted from a browser.',
    otherwise: 'InvalidImageName',
    file: 'web.yaml',
    manifest: deployment('web', `http://${registry}/shop/web:1.4.0`),
    shown: image,
    expected: denied('[invalid-reference]'),
  },
  {
    title: 'An index with an image for arm64 only.',
    otherwise: 'ImagePullBackOff',
    file: 'api.yaml',
    manifest: deployment('api', `${registry}/shop/api:2.1`),
    shown: image,
    expected: denied('[no-platform]', 'linux/arm64'),
  },
  {
    title: 'A single image for arm64: it would be pulled, but cannot run.',
    otherwise: 'CrashLoopBackOff',
    file: 'report.yaml',
    manifest: pod('report', `${registry}/shop/report:7`),
    shown: ['kind', 'image'],
    expected: denied('[other-platform]', 'linux/arm64'),
  },
  {
    title: 'An index whose amd64 part is missing from the registry.',
    otherwise: 'ImagePullBackOff',
    file: 'search.yaml',
    manifest: deployment('search', `${registry}/shop/search:0.9`),
    shown: image,
    expected: denied('[broken-image]', 'linux/amd64'),
  },
  {
    title: 'Every place that names an image counts, at any depth.',
    otherwise: 'Init:ImagePullBackOff',
    file: 'nightly.yaml',
    manifest: nightly(registry),
    shown: everyPlace,
    expected: denied('[not-found]', 'initContainers', 'volumes'),
  },
  {
    title: 'The registry cannot be reached. “Could not find out” is not “no”.',
    otherwise: '',
    file: 'web.yaml',
    manifest: deployment('web', `${nobody}/shop/web:1.4.0`),
    shown: image,
    expected: { kind: 'warned', saying: ['[unreachable]'] },
  },
]
