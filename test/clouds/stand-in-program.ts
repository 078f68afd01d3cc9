import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directoryForTest } from '../credentials/programs.ts'

// Node heeds proxies and takes authorities from files as Go's programs do when these variables say so.
const script = (source: string): string => `#!/bin/sh
export NODE_USE_ENV_PROXY=1 NODE_EXTRA_CA_CERTS="$SSL_CERT_FILE" NODE_NO_WARNINGS=1
exec '${process.execPath}' '${source}' "$@"
`

/** Puts a stand-in for a cloud's program into a directory, under the program's own name. */
export const standInProgram = async (name: 'auth-provider-gcp' | 'acr-credential-provider'): Promise<string> => {
  const directory = await directoryForTest()
  const file = join(directory, name)
  await writeFile(file, script(new URL(`programs/${name}.ts`, import.meta.url).pathname))
  await chmod(file, 0o755)
  return directory
}
