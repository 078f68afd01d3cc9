import type { CST } from 'yaml'
import { fail, type Result } from '../lib/result.ts'
import { type OutlineLimits, yamlOutline } from '../lib/yaml-outline.ts'
import type { Mistake } from './complaint.ts'

const limits: OutlineLimits = {
  // The configuration has five.
  levels: 32,
  // A thousand images to ignore are some four thousand.
  pieces: 50_000,
  // A path has 4,095 characters at the most, and a description in a comment is no token.
  textCharacters: 8192,
}

/** Takes a text apart without reading it; fails if there is too much of it for a configuration. */
export const outlineOf = (text: string): Result<readonly CST.Token[], Mistake> => {
  const outline = yamlOutline(text, limits)
  return outline.ok ? outline : fail({ ...outline.error, pointer: '' })
}
