/** One instruction, its lines put together; `flags` are those such as `--from=build`. */
export interface Instruction {
  readonly name: string
  readonly flags: Readonly<Record<string, string>>
  readonly text: string
}

/** One stage of a Dockerfile: from its FROM to the next. */
export interface Stage {
  readonly base: string
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

const known = ['ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'FROM', 'LABEL', 'RUN', 'USER', 'WORKDIR']

const instructionIn = (line: string): Instruction => {
  const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/s.exec(line) ?? []
  if (!known.includes(name)) throw new Error(`the Dockerfile has a line that is not known here: ${line}`)
  const given = /^(?:--[a-z]+=\S+\s+)*/.exec(rest)?.[0] ?? ''
  const flags = [...given.matchAll(/--([a-z]+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value] as const)
  return { name, flags: Object.fromEntries(flags), text: rest.slice(given.length) }
}

/** Puts the values of arguments in their places; one that is not known becomes nothing. */
export const filledIn = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '')

/** The words of an ENV or LABEL: `A=b C="d e"`. */
export const pairsIn = (text: string): readonly (readonly [string, string])[] =>
  [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)].map(([, key = '', quoted, bare = '']) => [key, quoted ?? bare])

/** The name and the default of an ARG. */
export const argumentIn = (text: string): readonly [string, string] => {
  const [name = '', ...by] = text.split('=')
  return [name, by.join('=')]
}

/** Reads a Dockerfile, as far as ours goes: an instruction or a form that is not known here throws. */
export const stagesIn = (dockerfile: string, given: ReadonlyMap<string, string>): readonly Stage[] => {
  const lines = dockerfile.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  const all = lines.split('\n').flatMap(line => (line.trim() === '' ? [] : [instructionIn(line.trim())]))
  const first = all.findIndex(({ name }) => name === 'FROM')
  const defaults = all.slice(0, first).map(({ text }) => argumentIn(text))
  const values = new Map([...defaults, ...given])
  const stages: (Stage & { readonly instructions: Instruction[] })[] = []
  for (const instruction of all.slice(first)) {
    if (instruction.name !== 'FROM') stages.at(-1)?.instructions.push(instruction)
    else {
      const [base = '', , name] = instruction.text.split(/\s+/)
      stages.push({ base: filledIn(base, values), name, instructions: [] })
    }
  }
  return stages
}
