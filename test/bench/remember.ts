import { createProbe } from '../../src/check/probe.ts'
import { multiArchImage } from '../../src/demo/images.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import { referenceOf } from '../support/reference-of.ts'

// A process of its own: asks for a million images through a memory of a hundred thousand, and tells its size before and after.
const images = 1_000_000
const entries = 100_000

const { top } = multiArchImage(['linux/amd64'])
const content = { digest: top.digest, mediaType: top.mediaType, bytes: top.bytes }
// The registry answers at once: what it costs to ask is measured elsewhere.
const dialogue = {
  resolve: () => Promise.resolve({ ok: true, value: { ...content, content, quota: undefined } }),
} as unknown as Dialogue

const residentMiB = (): number => Math.round(process.memoryUsage().rss / 1024 / 1024)

const probe = createProbe({
  dialogue,
  foundSeconds: 3600,
  absentSeconds: 5,
  entries,
  now: () => performance.now(),
  fingerprintKey: new Uint8Array(32),
  flightMs: 5000,
})
const { signal } = new AbortController()
const ask = (index: number) =>
  probe(
    { reference: referenceOf(`registry.example/team/app-${index}:1.2.3`), credentials: [], platforms: [], anew: false },
    signal,
  )

await ask(0)
const before = residentMiB()
for (let index = 0; index < images; index++) await ask(index)
console.log(JSON.stringify({ images, entries, before, after: residentMiB() }))
