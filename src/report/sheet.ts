import type { Code } from '../verdict/codes.ts'
import type { Outcome } from '../verdict/verdict.ts'
import type { ObjectName } from '../workload/workload.ts'

/** Where something stands in a file: lines and columns count from 1. */
export interface Place {
  /** Relative to where the command ran, with forward slashes; `stdin` where it came from there. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One image by the name that was written, and what is predicted for the worst of its uses. */
export interface SheetImage {
  readonly image: string
  readonly outcome: Outcome
  /** Undefined where no registry told. */
  readonly digest: string | undefined
  /** What the image is offered for, such as `linux/amd64`. */
  readonly platforms: readonly string[]
}

/** One place where an image is named, whether something is to be said about it or not. */
export interface SheetUse {
  readonly image: string
  readonly object: ObjectName
  readonly path: string
  readonly place: Place | undefined
  /** Skipped: nobody asked about it, for example because the configuration ignores it. */
  readonly outcome: Outcome | 'skipped'
}

/** One thing to be said about one use of an image. */
export interface SheetFinding {
  readonly code: Code
  readonly action: 'deny' | 'warn'
  readonly image: string
  readonly object: ObjectName
  readonly path: string
  readonly place: Place | undefined
  /** What and why, in one line. */
  readonly message: string
  /** What to do next; '' where there is nothing to be done. */
  readonly hint: string
  /** How many pods run it now; undefined where no cluster was looked at. */
  readonly pods: number | undefined
  /** Whether an earlier report lacks it; undefined where it was held against none. */
  readonly isNew: boolean | undefined
}

/** How many findings of each action. */
export interface Tally {
  readonly deny: number
  readonly warn: number
}

/** The numbers. */
export interface Summary {
  readonly objects: number
  readonly uses: number
  readonly images: number
  readonly deny: number
  readonly warn: number
  /** Findings, of those counted above, that say that something could not be found out. */
  readonly unknown: number
  /** Findings left out because a line or a baseline waives them. */
  readonly waived: number
  /** Uses that nobody asked about. */
  readonly skipped: number
  /** Worst first. */
  readonly codes: readonly ({ readonly code: Code } & Tally)[]
  /** The one with most findings first, as below. */
  readonly registries: readonly ({ readonly registry: string; readonly images: number } & Tally)[]
  readonly namespaces: readonly ({ readonly namespace: string; readonly objects: number } & Tally)[]
}

/** What became of the findings of an earlier report. */
export interface Change {
  readonly new: number
  readonly gone: number
}

/** The one neutral form that every output format is written from. */
export interface Sheet {
  /** After the policy: fail where a finding denies, unknown where something could not be found out or looked at. */
  readonly outcome: Outcome
  readonly summary: Summary
  readonly images: readonly SheetImage[]
  /** In the order of the entries; within one, worst first. */
  readonly findings: readonly SheetFinding[]
  readonly uses: readonly SheetUse[]
  /** What was not looked at, and why: one sentence each. */
  readonly gaps: readonly string[]
  readonly change: Change | undefined
}
