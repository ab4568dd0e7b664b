import { expect, test } from 'vitest'
import { catalogue } from '../src/detections/catalogue.ts'
import { nearest } from '../src/spelling.ts'

test.each([
  ['inti', ['init', 'doctor', 'test'], ['init']],
  ['--detection', ['--detections', '--exclude'], ['--detections']],
  ['EU', ['us', 'eu'], ['eu']],
  ['dry', ['dry-run', 'json'], ['dry-run']],
  ['zz', ['us', 'eu'], []],
  ['xyzzy', ['init', 'doctor'], []],
  ['--trail-buckets', ['--trail', '--trail-bucket'], ['--trail-bucket', '--trail']],
  ['australia', ['us', 'eu'], []],
  ['', ['init'], []],
] as const)('"%s" among %j may mean %j', (word, known, meant) => {
  expect(nearest(word, known)).toEqual(meant)
})

test('a word that is a part of many names three of them', () => {
  const ids = catalogue.map(({ id }) => id)
  expect(nearest('root', ids)).toHaveLength(3)
})
