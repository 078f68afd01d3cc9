import type { Shape } from './shapes.ts'
import { namedIn, notLookedAt, placeNotLookedAt } from './walk.ts'

const countsOf = ({ objects }: Shape) => {
  const places = objects.flatMap(namedIn).map(each => placeNotLookedAt(each) ?? 'found')
  return (place: (typeof places)[number]): number => places.filter(each => each === place).length
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

const shown = (count: number): string => (count === 0 ? '' : String(count))

/** What is found in each chart, and what is not looked at, as a page. */
export const proofOf = (shapes: readonly Shape[]): string => {
  const all: Shape = { chart: 'all', facts: '', objects: shapes.flatMap(({ objects }) => objects) }
  const rows = [...shapes, all].map(shape => {
    const count = countsOf(shape)
    const chart = shape === all ? `all ${shapes.length}` : shape.chart
    return line([chart, shape.objects.length, count('found'), ...notLookedAt.map(place => shown(count(place)))])
  })
  const others = new Map<string, number>()
  for (const object of all.objects)
    for (const named of namedIn(object).filter(each => placeNotLookedAt(each) === 'other kinds')) {
      const kind = `${String(object['apiVersion']).split('/')[0]} ${named.kind}`
      others.set(kind, (others.get(kind) ?? 0) + 1)
    }
  return `# What \`pullgate check\` finds in well-known charts

Written by \`test/charts/charts.test.ts\`: objects of the same kinds as these charts make, with images in the same places. A walk that knows
nothing of Kubernetes takes every text under a key \`image\`, and every text that has an image's name in it. Each of them is found, with its
line and its column, or stands in a place that is not looked at; nothing else is found.

${[line(['chart', 'objects', 'found', ...notLookedAt]), line(['---', ...['', '', ...notLookedAt].map(() => '---:')]), ...rows].join('\n')}

The other kinds, and how many names of images stand in them: ${[...others]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `\`${kind}\` ${count}`)
    .join(', ')}.

The charts themselves: ${shapes.map(({ chart, facts }) => `${chart} (\`${facts}\`)`).join(', ')}.
`
}
