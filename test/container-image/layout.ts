import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Content, contentOf, descriptorOf, type Image } from '../../src/demo/content.ts'

const pathOf = (layout: string, digest: string): string => join(layout, 'blobs', ...digest.split(':'))

/** Writes an image as an OCI layout, whole or not at all. */
export const writeLayout = async (layout: string, { top, manifests, blobs }: Image): Promise<void> => {
  const fresh = `${layout}.${process.pid}`
  for (const content of [...manifests, ...blobs]) {
    const path = pathOf(fresh, content.digest)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content.bytes)
  }
  await writeFile(join(fresh, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await writeFile(join(fresh, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptorOf(top)] }))
  await rm(layout, { recursive: true, force: true })
  await rename(fresh, layout)
}

interface Entry {
  readonly mediaType: string
  readonly digest: string
}

/** Reads the one image of a layout. */
export const readLayout = async (layout: string): Promise<Image> => {
  const contentAt = async ({ mediaType, digest }: Entry): Promise<Content> => {
    const content = contentOf(mediaType, await readFile(pathOf(layout, digest)))
    if (content.digest !== digest) throw new Error(`${layout} is damaged: ${digest} is ${content.digest}`)
    return content
  }
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'))
  const top = await contentAt(index.manifests[0])
  const { config, layers } = JSON.parse(Buffer.from(top.bytes).toString())
  return { top, manifests: [top], blobs: await Promise.all([config, ...layers].map(contentAt)) }
}
