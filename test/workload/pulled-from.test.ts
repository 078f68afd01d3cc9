import { describe, expect, test } from 'vitest'
import { hasPulledFrom } from '../../src/workload/pulled-from.ts'
import { referenceOf } from '../support/reference-of.ts'

const nodeWith = (...names: readonly string[]) => ({ images: { names, count: names.length, mayHaveMoreNames: false } })
const digest = `sha256:${'a'.repeat(64)}`

const yes = true
const no = false

describe('a node that lists an image was able to pull from there', () => {
  test.each([
    [yes, 'the same tag', 'r.example/team/app:1', 'r.example/team/app:1'],
    [yes, 'another tag', 'r.example/team/app:2', 'r.example/team/app:1'],
    [yes, 'a digest', 'r.example/team/app:2', `r.example/team/app@${digest}`],
    [yes, 'a digest is asked for', `r.example/team/app@${digest}`, 'r.example/team/app:1'],
    [yes, 'its neighbour', 'r.example/team/app:1', 'r.example/team/other:1'],
    [yes, 'its parent', 'r.example/team/app:1', 'r.example/team:1'],
    [yes, 'what lies below it', 'r.example/team/app:1', 'r.example/team/app/debug:1'],
    [yes, 'what lies below its neighbour', 'r.example/team/app:1', 'r.example/team/other/debug:1'],
    [no, "its parent's neighbour", 'r.example/group/team/app:1', 'r.example/group/other:1'],
    [no, "its parent's parent", 'r.example/group/team/app:1', 'r.example/group:1'],
    [no, 'a path that begins with the same letters', 'r.example/team/app:1', 'r.example/team-b/app:1'],
    [no, 'a repository that begins with the same letters', 'r.example/group/team/app:1', 'r.example/group/teams:1'],
    [no, 'another registry', 'r.example/team/app:1', 's.example/team/app:1'],
    [no, 'another port', 'r.example/team/app:1', 'r.example:5000/team/app:1'],
    [yes, 'a registry without paths', 'r.example:5000/app:1', 'r.example:5000/other:1'],
    [yes, 'a registry without paths, and one with them', 'r.example/app:1', 'r.example/team/other:1'],
    [yes, 'a user of Docker Hub', 'user/app:1', 'docker.io/user/other:1'],
    [yes, 'a user of Docker Hub, as Docker lists', 'docker.io/user/app:1', 'user/other:1'],
    [no, 'another user of Docker Hub', 'user/app:1', 'docker.io/users/app:1'],
    [no, "Docker Hub's own images, which anybody may pull", 'nginxx:1', 'docker.io/library/nginx:1'],
    [no, 'an image that was built here and never pushed', 'app:2', 'docker.io/library/app:1'],
    [no, 'a name that is none', `none@${digest}`, `<none>@${digest}`],
    [no, 'nothing', 'r.example/team/app:1', ''],
  ])('%s: %s', (expected, _, asked, listed) => {
    expect(hasPulledFrom([nodeWith(listed)], referenceOf(asked))).toBe(expected)
    expect(hasPulledFrom([nodeWith('x.example/y:1'), nodeWith('', listed, '@')], referenceOf(asked))).toBe(expected)
  })

  test('and without nodes nobody was', () => {
    expect(hasPulledFrom([], referenceOf('r.example/app:1'))).toBe(false)
    expect(hasPulledFrom([nodeWith()], referenceOf('r.example/app:1'))).toBe(false)
  })
})
