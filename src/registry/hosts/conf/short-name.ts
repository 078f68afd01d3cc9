import { anatomyOf } from '../../../image/anatomy.ts'
import { shapeOf } from '../../../image/grammar.ts'
import { type ImageReference, parseReference, type Target } from '../../../image/reference.ts'
import { fail, ok, type Result } from '../../../lib/result.ts'
import { namesRegistry } from './names-registry.ts'
import type { RegistriesConf } from './registries-conf.ts'

/** Why a name without a registry stands for no image. */
export type ShortNameProblem =
  | { readonly kind: 'not-a-reference' }
  /** No alias, and no registry that completes it. */
  | { readonly kind: 'no-search-registry' }
  /** Several registries complete it, and the node would have to ask which one is meant. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly ImageReference[] }
  /** Completed by this registry it is no name: it has capital letters for example. */
  | { readonly kind: 'no-such-name'; readonly registry: string }

/** Whether a reference is written without a registry, as CRI-O sees it. */
export const isShortName = (written: string): boolean => {
  const shape = shapeOf(written)
  return shape !== undefined && !namesRegistry(shape.domain)
}

const complete = (
  registries: readonly string[],
  written: string,
): Result<readonly ImageReference[], ShortNameProblem> => {
  const candidates: ImageReference[] = []
  for (const registry of registries) {
    const candidate = parseReference(`${registry}/${written}`)
    // A registry in capital letters is none without a dot, and then begins a path that has capital letters.
    if (!candidate.ok || !namesRegistry(candidate.value.registry)) return fail({ kind: 'no-such-name', registry })
    candidates.push(candidate.value)
  }
  return ok(candidates)
}

const targetOf = (written: string): Target | undefined => {
  const { tag, digest } = anatomyOf(written)
  const parsed = parseReference(
    `a.b/c${tag === undefined ? '' : `:${tag.text}`}${digest === undefined ? '' : `@${digest.text}`}`,
  )
  return parsed.ok ? parsed.value.target : undefined
}

/**
 * The images that a reference may stand for, in the order in which CRI-O tries them (go.podman.io/image,
 * pkg/shortnames Resolve). One with a registry stands for itself; there is no terminal on which to ask somebody.
 */
export const shortNameCandidates = (
  { aliases, searchRegistries = [], shortNameMode }: RegistriesConf,
  written: string,
): Result<readonly ImageReference[], ShortNameProblem> => {
  if (!isShortName(written)) {
    const parsed = parseReference(written)
    return parsed.ok ? ok([parsed.value]) : fail({ kind: 'not-a-reference' })
  }
  const target = targetOf(written)
  if (target === undefined) return fail({ kind: 'not-a-reference' })
  const alias = aliases.get(anatomyOf(written).name)
  if (alias !== undefined) return ok([{ ...alias, target, written }])
  const candidates = complete(searchRegistries, written)
  if (!candidates.ok) return candidates
  if (candidates.value.length === 0) return fail({ kind: 'no-search-registry' })
  const isAmbiguous = candidates.value.length > 1 && shortNameMode === 'enforcing'
  return isAmbiguous ? fail({ kind: 'ambiguous', candidates: candidates.value }) : candidates
}
