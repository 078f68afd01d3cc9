import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formats } from '../../src/report/formats.ts'
import { stepSummary } from '../../src/report/github-summary.ts'
import { policyReports } from '../../src/report/policyreport.ts'
import { found, fromFile, judged, object } from './entries.ts'
import { hostileNames, hostileSheet } from './hostile-sheets.ts'
import { clusterSheet, context, goodSheet, sheet, smallSheet } from './sheets.ts'

const golden = (name: string): string => join(import.meta.dirname, 'golden', `${name}.txt`)

// The verdict pages would be most of what stands there.
const plain = { ...context, page: () => undefined }

describe('a small report as it is written', () => {
  test.each(['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'policyreport'] as const)(
    'in %s',
    async format => {
      await expect(formats[format](smallSheet(), plain)).toMatchFileSnapshot(golden(format))
    },
  )
})

describe('a report with nothing to be said', () => {
  test.each(Object.keys(formats) as readonly (keyof typeof formats)[])('ends with a line break in %s', format => {
    expect(formats[format](goodSheet(), context)).toMatch(/[^\n]\n$/)
  })

  test('is one line of text', () => {
    expect(formats.text(goodSheet(), context)).toBe('pass: nothing to say; 1 image in 1 object\n')
  })

  test('is an empty list for GitLab, and no annotation for GitHub', () => {
    expect(formats.gitlab(goodSheet(), context)).toBe('[]\n')
    expect(formats.github(goodSheet(), context)).not.toContain('::')
  })
})

describe('text', () => {
  test('for images that were asked about by name lists each, those that are well too', () => {
    const nameless = { apiVersion: '', kind: '', namespace: '', name: '' }
    const asked = {
      report: {
        object: nameless,
        onEveryNode: false,
        verdicts: [
          judged('registry.example/shop/web:1.4.0', [], { path: '--image 1' }),
          judged('registry.example/shop/web:1.40', [found.notFound], { path: '--image 2' }),
        ],
      },
      placeOf: () => undefined,
      waived: () => false,
      pods: undefined,
    }
    expect(formats.text(sheet([asked]), context)).toBe(`pass  registry.example/shop/web:1.4.0
  digest     sha256:${'d'.repeat(64)}
  platforms  linux/amd64, linux/arm64

fail  registry.example/shop/web:1.40
  --image 2  deny  not-found
    image "registry.example/shop/web:1.40" not found: registry.example has no tag "1.40" in shop/web
    → did you mean 1.4.0?

fail: 1 finding denies; 2 images in 1 object
`)
  })

  test('is coloured only when it may be, and is the same but for that', () => {
    const coloured = formats.text(smallSheet(), { ...context, colours: true })
    expect(coloured).toContain('\u001b[31;1mdeny\u001b[0m')
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(formats.text(smallSheet(), context))
  })

  test('says what was not looked at', () => {
    const text = formats.text(sheet([], {}, ['namespace "vault": forbidden']), context)
    expect(text).toBe(
      'not looked at: namespace "vault": forbidden\n\nunknown: nothing to say; 0 images in 0 objects; 1 gap in what was looked at\n',
    )
  })
})

describe('SARIF', () => {
  const parsed = (file: string) => {
    const web = object('Deployment', 'shop', 'web')
    return JSON.parse(formats.sarif(sheet([fromFile(file, 3, web, [judged('a', [found.notFound])])]), context)).runs[0]
  }

  test('gives each rule the page of its verdict as help', () => {
    const [rule] = parsed('a.yaml').tool.driver.rules
    expect(rule.help.markdown).toContain('## How to repair')
    expect(rule.help.markdown).not.toMatch(/\]\([a-z-]+\.md\)/)
    expect(rule.fullDescription.text).toMatch(/^The registry was asked/)
  })

  test.each([
    ['./deploy/a b%.yaml', { uri: 'deploy/a%20b%25.yaml', uriBaseId: '%SRCROOT%' }],
    ['deploy\\a.yaml', { uri: 'deploy/a.yaml', uriBaseId: '%SRCROOT%' }],
    ['../a.yaml', { uri: '../a.yaml', uriBaseId: '%SRCROOT%' }],
    ['/srv/a.yaml', { uri: 'file:///srv/a.yaml' }],
    ['C:\\srv\\a.yaml', { uri: 'file:///C:/srv/a.yaml' }],
    ['javascript:x.yaml', { uri: 'javascript%3Ax.yaml', uriBaseId: '%SRCROOT%' }],
  ])('names the file %s by its URI', (file, location) => {
    expect(parsed(file).results[0].locations[0].physicalLocation.artifactLocation).toEqual(location)
  })
})

describe('the summary of a step at GitHub', () => {
  test('is the Markdown of the report', () => {
    expect(stepSummary(smallSheet(), context)).toBe(formats.markdown(smallSheet(), context))
  })

  test('stays within 1 MiB, and says how much it leaves out', () => {
    const summary = stepSummary(clusterSheet(12_000), context)
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024)
    expect(Buffer.byteLength(summary)).toBeGreaterThan(1_000_000)
    expect(summary).toMatch(/\n\d+ more findings have no room here\.\n$/)
  })
})

describe('JUnit', () => {
  test('counts as many tests as images are named, and as many failures as are denied', () => {
    const xml = formats.junit(clusterSheet(90), context)
    const sum = (name: string): number =>
      [...xml.matchAll(new RegExp(`<testsuite .*? ${name}="(\\d+)"`, 'g'))].reduce(
        (all, [, each]) => all + Number(each),
        0,
      )
    expect([sum('tests'), sum('failures'), sum('skipped')]).toEqual([90, 20, 10])
    expect(xml.match(/<testcase /g)).toHaveLength(90)
    expect(xml.match(/<failure /g)).toHaveLength(20)
  })
})

describe('the code quality report for GitLab', () => {
  // docs.gitlab.com, Code Quality report format: what each finding has to have, and the words that it may say.
  const severities = ['info', 'minor', 'major', 'critical', 'blocker']
  const sheets = [smallSheet(), clusterSheet(200), ...hostileNames.map(hostileSheet)]

  test.each(sheets.map((each, index) => [index, each] as const))('number %i has what GitLab asks of it', (_, each) => {
    const issues = JSON.parse(formats.gitlab(each, context))
    expect(issues).toHaveLength(each.findings.length)
    for (const { description, check_name, fingerprint, severity, location, ...more } of issues) {
      expect(more).toEqual({})
      for (const text of [description, check_name, fingerprint]) expect(text).toMatch(/./)
      expect(severities).toContain(severity)
      expect(Object.keys(location)).toEqual(['path', 'lines'])
      expect(location.path).not.toMatch(/^\.\//)
      expect(Object.keys(location.lines)).toEqual(['begin'])
      expect(location.lines.begin).toBeGreaterThan(0)
    }
    const fingerprints = issues.map(({ fingerprint }: { readonly fingerprint: string }) => fingerprint)
    expect(new Set(fingerprints).size).toBe(issues.length)
  })
})

describe('PolicyReports', () => {
  const audit = { ...context, command: 'audit' } as const

  test('are one a namespace, whose summary counts each image use once', () => {
    const reports = policyReports(clusterSheet(700), audit, 'wgpolicyk8s.io')
    expect(reports.map(({ metadata }) => metadata.namespace)).toEqual(
      Array.from({ length: 7 }, (_, each) => `team-${each}`),
    )
    for (const { summary, results } of reports) {
      const { pass, fail, warn, error, skip } = summary
      expect(pass + fail + warn + error + skip).toBe(100)
      expect(results).toHaveLength(fail + warn + error)
    }
  })

  test('have the names of the group that is asked for', () => {
    const [first] = policyReports(smallSheet(), audit, 'openreports.io')
    expect(first).toMatchObject({ apiVersion: 'openreports.io/v1alpha1', kind: 'Report', source: 'pullgate' })
    const [older] = policyReports(smallSheet(), audit, 'wgpolicyk8s.io')
    const { source: _, ...shared } = first ?? {}
    // Of the two definitions, wgpolicyk8s.io's has no source for the whole.
    expect(older).toEqual({ ...shared, apiVersion: 'wgpolicyk8s.io/v1alpha2', kind: 'PolicyReport' })
  })

  test('of objects without a namespace are of the cluster in an audit, and of the current namespace in a manifest', () => {
    const bare = sheet([fromFile('a.yaml', 1, object('Deployment', '', 'web'), [judged('a', [found.denied])])])
    expect(policyReports(bare, audit, 'wgpolicyk8s.io')[0]?.kind).toBe('ClusterPolicyReport')
    const [report] = policyReports(bare, context, 'wgpolicyk8s.io')
    expect(report?.kind).toBe('PolicyReport')
    expect(report?.metadata).not.toHaveProperty('namespace')
  })

  test('say in an annotation what was not looked at', () => {
    const web = fromFile('a.yaml', 1, object('Deployment', 'shop', 'web'), [judged('a', [found.denied])])
    const [report] = policyReports({ ...sheet([web]), gaps: ['jobs could not be listed.'] }, audit, 'wgpolicyk8s.io')
    expect(report?.metadata.annotations).toEqual({ 'pullgate.dev/not-looked-at': 'jobs could not be listed.' })
  })

  test('are no larger than the API server takes, keep what denies, and say how much is left out', () => {
    const web = object('Deployment', 'shop', 'web')
    const many = Array.from({ length: 3000 }, (_, number) =>
      judged(`a:${number}`, [number < 2900 ? found.unreachable : found.denied]),
    )
    const [report] = policyReports(sheet([fromFile('a.yaml', 1, web, many)]), audit, 'wgpolicyk8s.io')
    expect(JSON.stringify(report).length).toBeLessThan(1_000_000)
    const kept = report?.results ?? []
    expect(kept.filter(result => 'rule' in result && result.rule === 'denied')).toHaveLength(100)
    expect(report?.metadata.annotations).toEqual({ 'pullgate.dev/left-out': String(3000 - kept.length) })
    expect(report?.summary).toMatchObject({ fail: 100, error: 2900 })
  })
})
