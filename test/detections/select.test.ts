import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { packs, selectDetections, shortestWords, wordsFor } from '../../src/detections/select.ts'
import { AppError } from '../../src/errors.ts'

const ids = (words: readonly string[], exclude: readonly string[] = []) =>
  selectDetections(words, exclude).map(({ id }) => id)

test('every pack says in one line what it is and how many detections it holds', () => {
  expect(packs.map(({ name, count }) => [name, count])).toMatchInlineSnapshot(`
    [
      [
        "recommended",
        26,
      ],
      [
        "cis-1.2",
        14,
      ],
      [
        "cis-1.4",
        15,
      ],
      [
        "cis-1.5",
        15,
      ],
      [
        "cis-2.0",
        15,
      ],
      [
        "cis-3.0",
        15,
      ],
      [
        "cis-4.0",
        15,
      ],
      [
        "cis-5.0",
        15,
      ],
      [
        "cis-6.0",
        15,
      ],
      [
        "cis-7.0",
        15,
      ],
      [
        "security-hub",
        14,
      ],
      [
        "all",
        47,
      ],
    ]
  `)
  for (const { description, detections, count } of packs) {
    expect(description).toMatch(/^[^\n]{10,80}$/)
    expect(detections).toHaveLength(count)
  }
})

test('the recommended pack is exactly the core tier', () => {
  expect(selectDetections(['recommended'])).toEqual(catalogue.filter(({ tier }) => tier === 'core'))
})

test('every edition of the benchmark answers each of its lines once', () => {
  for (const { name, detections } of packs.filter((pack) => pack.name.startsWith('cis-'))) {
    const lines = detections.flatMap(({ packs }) =>
      packs.filter(({ pack }) => pack === name).map(({ control }) => control),
    )
    const section = name === 'cis-1.2' ? 3 : name === 'cis-6.0' || name === 'cis-7.0' ? 5 : 4
    const expected = Array.from({ length: name === 'cis-1.2' ? 14 : 15 }, (_, i) => `${section}.${i + 1}`)
    expect([...lines].sort(byNumber), name).toEqual(expected)
  }
})

test('Security Hub has its own order, and each of its fourteen controls is answered once', () => {
  const lines = catalogue.flatMap(({ packs }) => packs.filter(({ pack }) => pack === 'security-hub'))
  expect(lines.map(({ control }) => control).sort(byNumber)).toEqual(
    Array.from({ length: 14 }, (_, i) => `CloudWatch.${i + 1}`),
  )
  for (const { id, packs, compliance } of catalogue) {
    const own = packs.find(({ pack }) => pack === 'security-hub')?.control
    expect(compliance?.securityHubControl, id).toBe(own)
  }
})

test("words may be ids and packs; the order is the catalogue's and nothing comes twice", () => {
  const one = ids(['vpc-changes', 'root-account-usage', 'root-account-usage'])
  expect(one).toEqual(['root-account-usage', 'vpc-changes'])
  expect(ids(['security-hub', 'all', 'recommended'])).toEqual(catalogue.map(({ id }) => id))
})

test('an exclusion wins, also one that names a pack or something that was not chosen', () => {
  expect(ids(['root-account-usage', 'vpc-changes'], ['vpc-changes', 'region-enabled'])).toEqual(['root-account-usage'])
  expect(ids(['all'], ['recommended'])).toHaveLength(21)
})

test.each([
  ['cis-root-account-usage', 'did you mean root-account-usage?'],
  ['beyond-mfa-deactivated', 'did you mean mfa-deactivated?'],
  ['root-acount-usage', 'did you mean root-account-usage?'],
  ['Recommended', 'did you mean recommended?'],
  ['cis-8.0', 'did you mean cis-2.0 or cis-3.0 or cis-4.0?'],
  ['xyzzy', 'see cloudtrail-pd detections list'],
])('the unknown word %s is refused, and the nearest ids are named', (word, hint) => {
  expect(refusal(() => selectDetections(['all', word]))).toMatchObject({
    code: 'unknown-detection',
    exit: 2,
    message: `there is no detection or pack "${word}"`,
    hint,
  })
  expect(refusal(() => selectDetections(['all'], [word])).code).toBe('unknown-detection')
})

test.each([
  [[], []],
  [['vpc-changes'], ['vpc-changes']],
  [['all'], ['all']],
] as const)('to be left with nothing is a usage error: %j without %j', (words, exclude) => {
  expect(refusal(() => selectDetections(words, exclude))).toMatchObject({ code: 'no-detections', exit: 2 })
})

function byNumber(a: string, b: string): number {
  return Number(a.split('.')[1]) - Number(b.split('.')[1])
}

function refusal(act: () => unknown): AppError {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('ids that are the members of a pack are said by its name, whatever their order', () => {
  for (const { name, detections } of packs) {
    const members = detections.map(({ id }) => id)
    const words = wordsFor(members.toReversed())
    expect(words).toHaveLength(1)
    expect(ids(words)).toEqual(ids([name]))
  }
  expect(wordsFor(ids(['all']))).toEqual(['all'])
  expect(wordsFor(['root-account-usage', 'vpc-changes'])).toEqual(['root-account-usage', 'vpc-changes'])
})

const anySelection = fc.subarray([...ids(['all'])], { minLength: 1 })
const length = (words: readonly string[], exclude: readonly string[] = []) => [...words, ...exclude].join().length

test('the shortest words select just these ids, and are no longer than the ids', () => {
  const nearlyAll = fc.subarray([...ids(['all'])], { maxLength: 5 }).map((left) => {
    return ids(['all']).filter((id) => !left.includes(id))
  })
  fc.assert(
    fc.property(fc.oneof(anySelection, nearlyAll), (chosen) => {
      const { detections, exclude } = shortestWords(chosen)
      const inOrder = ids(['all']).filter((id) => chosen.includes(id))
      expect(ids(detections, exclude)).toEqual(inOrder)
      expect(ids(wordsFor(chosen))).toEqual(inOrder)
      expect(length(detections, exclude)).toBeLessThanOrEqual(length(wordsFor(chosen)))
      expect(length(wordsFor(chosen))).toBeLessThanOrEqual(length(chosen))
    }),
    { numRuns: 300 },
  )
})

test('all but a few is written as all without them', () => {
  const left = ['root-account-usage', 'vpc-changes']
  const words = shortestWords(ids(['all'], left))
  expect([words.detections, words.exclude.toSorted()]).toEqual([['all'], left])
})

test('a pack and more is written as the pack and the rest', () => {
  expect(wordsFor([...ids(['recommended']), 'vpc-changes'])).toEqual(['recommended', 'vpc-changes'])
  const allButOne = ids(['all'], ['vpc-changes'])
  expect(ids(wordsFor(allButOne))).toEqual(allButOne)
  expect(wordsFor(allButOne)[0]).toBe('recommended')
})
