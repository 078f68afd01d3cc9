import { stringify } from 'yaml'
import { schema } from '../config/schema.ts'
import { loadConfiguration, readConfigurationFile } from './configuration-file.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'

/** Says everything that is wrong with a file of configuration, or that nothing is. */
export const validateConfiguration = async (path: string, surroundings: Surroundings): Promise<number> => {
  const { stdout, stderr, folder } = surroundings
  const read = await readConfigurationFile({ path, origin: 'named' }, folder)
  if (read.ok) {
    stdout.write(`${path} is valid.\n`)
    return exitCodes.done
  }
  // Complaints are what was asked for; that there is nothing to complain of is not.
  const stream = read.error.text === undefined ? stderr : stdout
  stream.write(`${read.error.lines.join('\n')}\n`)
  return exitCodes.usage
}

/** Prints the JSON Schema of the configuration. */
export const printSchema = ({ stdout }: Surroundings): number => {
  stdout.write(`${JSON.stringify(schema, null, 2)}\n`)
  return exitCodes.done
}

/**
 * Prints the configuration that holds, as YAML that can be read again. It names the files that secrets stand in, and holds
 * no secret itself.
 */
export const showConfiguration = async (named: string | undefined, surroundings: Surroundings): Promise<number> => {
  const { stdout, stderr, folder } = surroundings
  const loaded = await loadConfiguration(named, folder)
  if (!loaded.ok) {
    stderr.write(`${loaded.error.join('\n')}\n`)
    return exitCodes.usage
  }
  const { configuration, from } = loaded.value
  const source =
    from === undefined ? 'There is no file: these are the defaults.' : `From ${from.path}, with all defaults.`
  stdout.write(`# ${source}\n${stringify(configuration, { aliasDuplicateObjects: false, lineWidth: 0 })}`)
  return exitCodes.done
}
