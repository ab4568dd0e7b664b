import { describe, expect, it } from 'vitest'
import { mfaSerial, type Profiles, profileProblem, regionOfZone, sourceChain } from '../../src/aws/profiles.ts'

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const profiles: Profiles = {
  base: { aws_access_key_id: 'AKIAEXAMPLE', aws_secret_access_key: 'x' },
  mfa: { role_arn: role('Admin'), source_profile: 'base', mfa_serial: 'arn:aws:iam::123456789012:mfa/operator' },
  loop: { role_arn: role('A'), source_profile: 'loop2' },
  loop2: { role_arn: role('B'), source_profile: 'loop' },
  proc: { credential_process: '/bin/false' },
  nosource: { role_arn: role('A'), source_profile: 'missing' },
  behindsso: { role_arn: role('A'), source_profile: 'sso' },
  sso: { sso_session: 'corp' },
  login: { login_session: 'arn:aws:iam::123456789012:user/operator' },
  web: { role_arn: role('A'), web_identity_token_file: '/nonexistent/token' },
  ec2: { role_arn: role('A'), credential_source: 'Ec2InstanceMetadata' },
  bare: { region: 'us-east-1' },
  self: { role_arn: role('A'), source_profile: 'self', aws_access_key_id: 'AKIAEXAMPLE' },
}

describe('the cause and the next step of a profile without credentials (N27, N28, N42)', () => {
  it.each([
    ['loop', 'loop -> loop2 -> loop refer to each other', 'change source_profile of loop2'],
    ['nosource', 'names source_profile missing, which does not exist', 'add profile missing'],
    ['proc', 'credential_process of profile proc failed', 'aws configure get credential_process --profile proc'],
    [
      'mfa',
      'needs a code of the MFA device arn:aws:iam::123456789012:mfa/operator',
      'eval "$(aws configure export-credentials --profile mfa --format env)"',
    ],
    ['sso', 'sign-in of profile sso is missing or has expired', 'aws sso login --profile sso'],
    [
      'behindsso',
      'sign-in of profile sso, which profile behindsso gets its credentials from,',
      'aws sso login --profile sso',
    ],
    ['login', 'sign-in of profile login', 'aws login --profile login'],
    ['web', 'does not exist: /nonexistent/token', 'check web_identity_token_file'],
    ['ec2', 'Ec2InstanceMetadata, which is not available here', 'aws configure list-profiles'],
    ['bare', 'profile bare has no credentials', 'aws configure --profile bare'],
  ])('%s: %s', (name, cause, hint) => {
    const problem = profileProblem(profiles, name, () => false)
    expect(problem?.cause).toContain(cause)
    expect(problem?.hint).toContain(hint)
  })

  it('of a mistyped name names it, lists those that exist, and offers no command that would create it', () => {
    const problem = profileProblem(profiles, 'prodd')
    expect(problem?.cause).toBe('profile prodd does not exist in the AWS configuration files')
    expect(problem?.hint).toContain('base, mfa')
    expect(problem?.hint).not.toContain('configure set')
  })

  it('is not told where the files show no reason', () => {
    expect(profileProblem(profiles, 'base')).toBeUndefined()
    expect(profileProblem(profiles, 'self')).toBeUndefined()
    expect(profileProblem(profiles, 'web', () => true)?.cause).toContain('has no credentials')
  })
})

it('a chain of profiles ends before one that is missing or repeats', () => {
  expect(sourceChain(profiles, 'loop')).toEqual(['loop', 'loop2'])
  expect(sourceChain(profiles, 'nosource')).toEqual(['nosource'])
  expect(mfaSerial(profiles, 'mfa')).toContain('mfa/operator')
})

it.each([
  ['us-east-1a', 'us-east-1'],
  ['us-gov-west-1b', 'us-gov-west-1'],
  ['us-east-1', undefined],
  ['aws-global', undefined],
])('the region of "%s" as a zone is %s', (text, region) => {
  expect(regionOfZone(text)).toBe(region)
})
