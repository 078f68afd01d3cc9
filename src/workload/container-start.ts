import { asList, asText, ownProperty } from '../lib/untrusted.ts'

/** What a container says in the place of what its image does when it is started: undefined where it says nothing. */
export interface ContainerStart {
  readonly command: readonly string[] | undefined
  readonly args: readonly string[] | undefined
  readonly path: string | undefined
  readonly workingDirectory: string | undefined
  /** Whether that is all: no controller adds a command to it. */
  readonly isWhole: boolean
}

/** The start of something that leaves it to the image. */
export const imagesOwnStart: ContainerStart = {
  command: undefined,
  args: undefined,
  path: undefined,
  workingDirectory: undefined,
  isWhole: false,
}

const texts = (value: unknown): readonly string[] | undefined => {
  const list = asList(value).filter(element => typeof element === 'string')
  return list.length === 0 ? undefined : list
}

/** Reads how a container is started. */
export const containerStartOf = (container: unknown, isWhole = false): ContainerStart => {
  const path = asList(ownProperty(container, 'env')).find(variable => ownProperty(variable, 'name') === 'PATH')
  return {
    command: texts(ownProperty(container, 'command')),
    args: texts(ownProperty(container, 'args')),
    path: asText(ownProperty(path, 'value')),
    workingDirectory: asText(ownProperty(container, 'workingDir')),
    isWhole,
  }
}
