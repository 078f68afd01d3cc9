import { closest } from 'fastest-levenshtein'
import { allCodes, codes } from '../verdict/codes.ts'
import { quoted } from '../verdict/text.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { verdictPage } from './verdict-page.ts'

const width = Math.max(...allCodes.map(code => code.length)) + 2

/** Prints the page of a verdict; without one, what there are. */
export const explainCode = (text: string | undefined, { stdout, stderr }: Surroundings): number => {
  if (text === undefined) {
    stdout.write(allCodes.map(code => `${code.padEnd(width)}${codes[code].meaning}\n`).join(''))
    return exitCodes.done
  }
  const code = allCodes.find(each => each === text)
  if (code === undefined) {
    const near = closest(text.slice(0, 40), [...allCodes])
    stderr.write(`${quoted(text, 40)} is no code: did you mean ${near}? "pullgate explain" lists them all.\n`)
    return exitCodes.usage
  }
  stdout.write(verdictPage(code) ?? `${codes[code].meaning}\n`)
  return exitCodes.done
}
