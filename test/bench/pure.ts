import { parseReference } from '../../src/image/reference.ts'
import { builtInKinds, findKind } from '../../src/workload/kinds.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import { podWith } from '../support/reviews.ts'
import { median, type Row } from './table.ts'

const rounds = 9
const roundMs = 60

/** Nanoseconds a call: the middle of several rounds, each as long as it takes to be measured. */
const nanosecondsOf = (call: () => unknown): number => {
  const figures = Array.from({ length: rounds }, () => {
    let calls = 0
    const start = performance.now()
    while (performance.now() - start < roundMs) for (let i = 0; i < 50; i++, calls++) call()
    return ((performance.now() - start) * 1e6) / calls
  })
  return median(figures)
}

const shown = (ns: number): string => (ns < 10_000 ? `${Math.round(ns)} ns` : `${(ns / 1000).toFixed(1)} µs`)

const row = (what: string, call: () => unknown, against: string, other: () => unknown): Row => {
  const [own, theirs] = [nanosecondsOf(call), nanosecondsOf(other)]
  return { what, figure: shown(own), against: `${against}: ${shown(theirs)}`, ratio: `${(own / theirs).toFixed(2)} ×` }
}

/** The floors without a network. */
export const pureRows = (): readonly Row[] => {
  const text = 'registry.example:5000/team/shop/web:1.4.0-alpine'
  const url = 'https://registry.example:5000/v2/team/shop/web/manifests/1.4.0-alpine'
  const pod = podWith(Array.from({ length: 100 }, (_, index) => `registry.example/team/app-${index}:1.${index}`))
  const json = JSON.stringify(pod)
  const kind = findKind(builtInKinds, '', 'Pod')
  if (kind === undefined) throw new Error('there is no kind Pod')
  return [
    row(
      'parse a reference',
      () => parseReference(text),
      'new URL of its address',
      () => new URL(url),
    ),
    row(
      'images of a pod with 100 containers',
      () => workloadsOf(pod, kind, 'shop'),
      'JSON.parse of it',
      () => JSON.parse(json),
    ),
  ]
}
