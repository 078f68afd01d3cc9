import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const docs = join(import.meta.dirname, '../../docs')

/** A block of code of a page. */
export interface Block {
  /** `sh` is run by a test as it stands; `shell` is not always. */
  readonly language: string
  readonly text: string
}

/** All blocks of code of a page of docs/, in their order. */
export const allBlocksOf = async (page: string): Promise<readonly Block[]> => {
  const text = await readFile(join(docs, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }))
}

/** The blocks of a page in some languages; those that readers may type unless told otherwise. */
export const blocksOf = async (page: string, languages: readonly string[] = ['sh']): Promise<readonly string[]> =>
  (await allBlocksOf(page)).filter(({ language }) => languages.includes(language)).map(({ text }) => text)
