import { expect, test } from 'vitest'
import { AppError, EXIT, fileNotWritten } from '../src/errors.ts'
import { awsCommand } from '../src/next-command.ts'
import { onSameChain } from '../src/options/next-command.ts'

const PUT_BACK = awsCommand('cloudwatch set-alarm-state', { 'alarm-name': 'a b' })

test('a hint may hold commands, which whoever knows the account leads there', () => {
  const cause = new Error('cause')
  const error = new AppError('drill-not-over', 'still up', {
    hint: ['put it back: ', PUT_BACK, ', now'],
    exit: EXIT.access,
    cause,
    detail: 'request 1',
  })
  expect(error.hint).toBe("put it back: aws cloudwatch set-alarm-state --alarm-name 'a b', now")
  const placed = error.placed((command) => onSameChain(command, { profile: 'audit' }))
  expect(placed).toMatchObject({ code: 'drill-not-over', message: 'still up', exit: 3, cause, detail: 'request 1' })
  expect(placed.hint).toBe("put it back: aws cloudwatch set-alarm-state --alarm-name 'a b' --profile audit, now")
})

test('an error without commands stays as it is', () => {
  for (const error of [new AppError('blocked', 'no'), new AppError('blocked', 'no', { hint: 'words' })]) {
    expect(error.placed(() => PUT_BACK)).toBe(error)
  }
})

test.each([
  ['ENOENT', 'its folder does not exist', 'name a file in a folder that exists and may be written to'],
  ['EISDIR', 'it is a folder', 'name a file in a folder that exists and may be written to'],
  ['ENOSPC', 'no space is left', 'free some space'],
])('a file that cannot be written for %s is an error that says why, and names no draft', (code, why, hint) => {
  const cause = Object.assign(new Error(`${code}: open '/there/x.html.27448.tmp'`), { code })
  const error = fileNotWritten('/there/x.html', cause)
  expect([error.message, error.hint]).toEqual([`"/there/x.html" could not be written (${code}: ${why})`, hint])
})
