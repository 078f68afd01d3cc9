import { startGoProgram } from '../oracle/go-program.ts'

/** What a pull is made with; files and directories hold nothing else. */
export interface JudgedPull {
  readonly image: string
  readonly credential:
    | { readonly username?: string; readonly password?: string; readonly identityToken?: string }
    | undefined
  readonly registriesConf: string
  readonly emptyDir: string
  readonly certsDir: string
  readonly authFile: string
}

/** What came of it: where it failed, and by which status or in which way. */
export interface Judged {
  readonly digest: string
  /** Of the index's entry for the node; empty where there is no index. */
  readonly child: string
  readonly step: '' | 'name' | 'manifest' | 'platform' | 'child' | 'config'
  readonly cause: '' | 'status' | 'code' | 'network' | 'other'
  readonly status: number
  readonly words: string
}

/** CRI-O's own library, which pulls up to the layers. */
export interface Judge {
  readonly pull: (pull: JudgedPull) => Promise<Judged>
  readonly close: () => Promise<void>
}

/** Starts the program that test/runtimes/setup has built. */
export const startJudge = (): Judge => {
  const { ask, close } = startGoProgram('runtimes')
  return { pull: ask, close }
}
