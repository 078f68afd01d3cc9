import type { Answer } from '../../../src/demo/distribution.ts'
import type { Asked } from './asked.ts'
import { absence, absent, cells, denied, facts, limited } from './cell.ts'
import { byTheBook, fromNetwork, handedTo, problem, said, without } from './said.ts'
import type { Shape, Speak, World } from './shape.ts'

const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const network = 'prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com'
const fetched = 'HEAD 200, GET 200, GET 307, network GET 200'

// awslabs/amazon-ecr-credential-helper#49, oras-project/oras-py#54: plain text, and Basic with a service.
const challenge = (): Answer =>
  said(401, 'text/plain; charset=utf-8', 'Not Authorized\n', {
    'WWW-Authenticate': `Basic realm="https://${registry}/",service="ecr.amazonaws.com"`,
    'Docker-Distribution-Api-Version': 'registry/2.0',
  })

const serve = (world: World, asked: Asked): Answer => {
  if (asked.repository === 'foreign') return problem(403, 'DENIED')
  if (asked.repository === 'throttled') return problem(429, 'TOOMANYREQUESTS')
  const answer = byTheBook(world, asked)
  if (asked.isBlob && answer.status === 200) return handedTo(world, 307, network, asked)
  // google/containerregistry#10.
  return asked.repository === 'undigested' ? without(answer, 'Docker-Content-Digest') : answer
}

const speak: Speak = world => asked => {
  if (asked.host === network) return fromNetwork(world, asked)
  switch (asked.who) {
    case 'anonymous':
    // lablup/backend.ai#2549.
    case 'wrong':
      return challenge()
    // Not a word of how to ask again: flipt-io/flipt#3043, awslabs/soci-snapshotter#1196.
    case 'expired':
      return problem(403, 'DENIED')
    case 'right':
      return serve(world, asked)
  }
}

const everything = 'private, private tag, missing, foreign, undigested, throttled'

/** Amazon's registry, in which nothing is public. */
export const ecr: Shape = {
  name: 'ECR',
  hosts: [registry, network],
  network,
  repositories: ['private', 'foreign', 'undigested'],
  images: {
    private: `${registry}/private:1`,
    'private tag': `${registry}/private:none`,
    missing: `${registry}/none:1`,
    foreign: `${registry}/foreign:1`,
    undigested: `${registry}/undigested:1`,
    throttled: `${registry}/throttled:1`,
  },
  speak,
  cells: [
    ...cells('anonymous', everything, denied('manifest', 401, 'anonymous'), 'HEAD 401'),
    ...cells('wrong', everything, denied('manifest', 401, 'credentials'), 'HEAD 401, HEAD 401'),
    ...cells('expired', everything, denied('manifest', 403, 'credentials'), 'HEAD 401, HEAD 403, GET 403'),
    ...cells('right', 'private', facts, `HEAD 401, ${fetched}`),
    ...cells('right', 'undigested', facts, `HEAD 401, ${fetched}`),
    ...cells('right', 'private tag', absent('tag', 'credentials'), `HEAD 401, ${absence}`),
    ...cells('right', 'missing', absent('repository', 'credentials'), `HEAD 401, ${absence}`),
    ...cells('right', 'foreign', denied('manifest', 403, 'credentials'), 'HEAD 401, HEAD 403, GET 403'),
    ...cells('right', 'throttled', limited, 'HEAD 401, HEAD 429'),
  ],
}
