import { absence, absent, cells, denied, facts } from './cell.ts'
import { byTheBook, problem } from './said.ts'
import type { Shape } from './shape.ts'

const registry = 'nexus.example.com'

/** Nexus as it is set up unless told otherwise. */
export const nexus: Shape = {
  name: 'Nexus',
  hosts: [registry],
  repositories: ['docker/app'],
  images: {
    private: `${registry}/docker/app:1`,
    'private tag': `${registry}/docker/app:none`,
    missing: `${registry}/docker/none:1`,
  },
  // The scheme is in capitals: sonatype/nexus-public#921.
  speak: world => asked =>
    asked.who === 'right'
      ? byTheBook(world, asked)
      : problem(401, 'UNAUTHORIZED', { 'WWW-Authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' }),
  cells: [
    ...cells('anonymous', 'private, private tag, missing', denied('manifest', 401, 'anonymous'), 'HEAD 401'),
    ...cells('wrong', 'private, private tag, missing', denied('manifest', 401, 'credentials'), 'HEAD 401, HEAD 401'),
    ...cells('right', 'private', facts, 'HEAD 401, HEAD 200, GET 200, GET 200'),
    ...cells('right', 'private tag', absent('tag', 'credentials'), `HEAD 401, ${absence}`),
    ...cells('right', 'missing', absent('repository', 'credentials'), `HEAD 401, ${absence}`),
  ],
}
