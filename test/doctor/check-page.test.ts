import { expect, it } from 'vitest'
import { checkPage } from '../../src/doctor/check-page.ts'
import { CHECKS } from '../../src/doctor/checks/all.ts'
import { anchorsOf } from '../docs/markdown.ts'
import { checksPage } from './checks-page.ts'

const RELEASE = { version: '1.2.3', homepage: 'https://github.com/someone/some.thing#readme' }

it('is the anchor of the check in the release that the program is of', () => {
  expect(checkPage('alarm.ok-action', RELEASE)).toBe(
    'https://github.com/someone/some.thing/blob/v1.2.3/docs/checks.md#alarm.ok-action',
  )
})

it('is nowhere while no repository is named', () => {
  expect(checkPage('alarm.ok-action', { version: '1.2.3' })).toBeUndefined()
  expect(checkPage('alarm.ok-action', { version: '1.2.3', homepage: 'https://example.com/' })).toBeUndefined()
})

it('has an anchor for every check', () => {
  const anchors = anchorsOf(checksPage())
  expect(CHECKS.filter(({ name }) => !anchors.has(name))).toEqual([])
})
