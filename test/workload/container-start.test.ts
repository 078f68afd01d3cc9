import { expect, test } from 'vitest'
import { containerStartOf, imagesOwnStart } from '../../src/workload/container-start.ts'

test.each<[object, object, string]>([
  [{}, {}, 'nothing'],
  [{ command: ['/app'], args: ['-v'] }, { command: ['/app'], args: ['-v'] }, 'its command and arguments'],
  [{ command: [], args: null }, {}, 'nothing where a list is empty'],
  [{ command: ['/app', 7] }, { command: ['/app'] }, 'what is text'],
  [{ workingDir: '/srv' }, { workingDirectory: '/srv' }, 'where it starts'],
  [
    {
      env: [
        { name: 'PATH', value: '/opt' },
        { name: 'X', value: 'y' },
      ],
    },
    { path: '/opt' },
    'where programs are looked for',
  ],
  [{ env: [{ name: 'PATH', valueFrom: {} }] }, {}, 'nothing of what is known only later'],
])('a container %j says %j of its start (%s)', (container, said) => {
  expect(containerStartOf(container)).toEqual({ ...imagesOwnStart, ...said })
})
