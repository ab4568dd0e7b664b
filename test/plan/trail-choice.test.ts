import { describe, expect, it } from 'vitest'
import type { TrailSnapshot } from '../../src/domain/snapshot.ts'
import { AppError } from '../../src/errors.ts'
import type { TrailSetup } from '../../src/plan/setup.ts'
import { chooseTrail, regionOf, trailFaults } from '../../src/plan/trail-choice.ts'
import { trailFaultText } from '../../src/plan/trail-faults.ts'
import { unreadable } from '../support/builders.ts'
import { aTrail, otherAccount, selecting, site } from '../support/snapshot.ts'

const BEST: TrailSetup = { how: 'best' }

function choose(trails: readonly TrailSnapshot[], trailSetup: TrailSetup = BEST) {
  return chooseTrail(trailSetup, trails, site, 'cloudtrail-pd')
}

function refusal(trails: readonly TrailSnapshot[], trailSetup: TrailSetup = BEST): AppError {
  try {
    choose(trails, trailSetup)
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('a trail was chosen')
}

const ONE_CHAIN = expect.stringMatching(/^one chain covers every account of the organization/)

describe('the best trail', () => {
  it('is one that already writes to a log group', () => {
    const choice = choose([aTrail({ name: 'bare', delivers: false }), aTrail({ name: 'writes' })])
    expect(choice).toMatchObject({ how: 'reuse', trail: { name: 'writes' } })
  })

  it('is said to be so for reasons that can be checked', () => {
    expect(choose([aTrail()])).toMatchObject({
      why: ['multi-region', 'all management events', 'logging', 'it already writes to a log group'],
    })
  })

  it('is a new one where there is none at all', () => {
    expect(choose([])).toMatchObject({
      how: 'own',
      name: 'cloudtrail-pd',
      bucket: 'cloudtrail-pd-123456789012-us-east-1',
    })
  })

  it('is the one that an earlier run made, even when it does not log yet', () => {
    const made = aTrail({
      name: 'mine',
      bucket: 'cloudtrail-pd-123456789012-us-east-1',
      logging: false,
      delivers: false,
    })
    expect(choose([made, aTrail()])).toMatchObject({ how: 'own', name: 'mine' })
  })

  it('takes everything to its home region', () => {
    expect(regionOf(choose([aTrail({ homeRegion: 'eu-west-1' })]))).toBe('eu-west-1')
  })

  it.each([
    ['of one region', aTrail({ multiRegion: false }), /one region/],
    ['that is stopped', aTrail({ logging: false }), /not logging/],
    [
      'C39 without management events',
      aTrail({ selectors: selecting('All', { management: false }) }),
      /no management events/,
    ],
    ['C39 that only reads', aTrail({ selectors: selecting('ReadOnly') }), /only read management events/],
    ['C39 that only writes', aTrail({ selectors: selecting('WriteOnly') }), /only write management events/],
    [
      'C40 that leaves AWS KMS out',
      aTrail({ selectors: selecting('All', { excluded: ['kms.amazonaws.com'] }) }),
      /AWS KMS/,
    ],
    [
      'C46 of the organization, seen from a member',
      aTrail({ account: otherAccount, organization: true }),
      /account 210987654321/,
    ],
    ['C46 with its log group elsewhere', aTrail({ logGroupAccount: otherAccount }), /another account/],
    [
      'C49 of Control Tower without a log group here',
      aTrail({ name: 'aws-controltower-BaselineCloudTrail', delivers: false }),
      /Control Tower/,
    ],
  ])('is never one %s, and the refusal says so and what to do', (_what, trail, reason) => {
    const error = refusal([trail])
    expect(error.code).toBe('no-trail-fits')
    expect(error.exit).toBe(2)
    expect(error.message).toMatch(reason)
    expect(error.hint).toMatch(/--create-trail|--trail/)
  })

  it('C46 in a member account names the account where the chain belongs', () => {
    expect(refusal([aTrail({ account: otherAccount, organization: true })]).hint).toMatch(
      /run this in account 210987654321/,
    )
  })

  it('C49 of Control Tower is used as it is when it writes to a log group here', () => {
    expect(choose([aTrail({ name: 'aws-controltower-BaselineCloudTrail' })])).toMatchObject({ how: 'reuse' })
  })

  it('is not chosen blindly: an unreadable status is a fault, not a pass', () => {
    const trail: TrailSnapshot = { ...aTrail(), status: { state: 'unreadable', why: 'denied', denied: true } }
    expect(trailFaults(trail, site)).toEqual(['status-unreadable'])
  })
})

describe('C46 an organization trail of another account', () => {
  const delegated = aTrail({ account: otherAccount, organization: true, logGroupAccount: site.account })

  it('is used by the delegated administrator, whose account has its log group', () => {
    expect(choose([aTrail({ delivers: false }), delegated])).toMatchObject({
      how: 'reuse',
      trail: { account: otherAccount },
    })
  })

  it('whose status may not be read is used when it is named, and said to be unproven', () => {
    const unreadable = { state: 'unreadable', why: 'denied', denied: true } as const
    const trail: TrailSnapshot = { ...delegated, status: unreadable, selectors: unreadable }
    expect(refusal([trail]).message).toMatch(/its status could not be read/)
    expect(choose([trail], { how: 'existing', nameOrArn: trail.arn })).toMatchObject({
      notes: [
        expect.stringMatching(/status could not be read/),
        expect.stringMatching(/selectors could not be read/),
        ONE_CHAIN,
      ],
    })
  })

  it.each([
    ['its log group is in account 210987654321', aTrail({ account: otherAccount, organization: true })],
    ['delivers to no log group', aTrail({ account: otherAccount, organization: true, delivers: false })],
  ])('is refused elsewhere, and %s', (where, trail) => {
    expect(refusal([trail]).message).toContain(where)
  })
})

describe('C41 a trail of one region', () => {
  it('outside us-east-1 misses sign-ins, root and IAM', () => {
    const regional = aTrail({ multiRegion: false, homeRegion: 'eu-west-1' })
    expect(trailFaults(regional, site)).toEqual(['one-region'])
    expect(trailFaultText('one-region', regional)).toMatch(/us-east-1/)
  })
})

describe('a named trail', () => {
  it('is found by name and by ARN', () => {
    const trail = aTrail({ name: 'second' })
    for (const nameOrArn of ['second', trail.arn]) {
      expect(choose([aTrail(), trail], { how: 'existing', nameOrArn })).toMatchObject({ trail: { name: 'second' } })
    }
  })

  it('that is not there is exit 2 and the others are named', () => {
    const error = refusal([aTrail()], { how: 'existing', nameOrArn: 'missing' })
    expect(error).toMatchObject({ code: 'trail-not-found', exit: 2 })
    expect(error.hint).toContain('org-trail')
  })

  it('that is stopped is taken, because naming it is consent to start it', () => {
    expect(choose([aTrail({ logging: false })], { how: 'existing', nameOrArn: 'org-trail' })).toMatchObject({
      how: 'reuse',
    })
  })

  it('C41 of one region is taken with a note, because naming it is consent to make it multi-region', () => {
    const trail = aTrail({ multiRegion: false })
    expect(choose([trail], { how: 'existing', nameOrArn: 'org-trail' })).toMatchObject({
      how: 'reuse',
      notes: [expect.stringMatching(/multi-region/)],
    })
  })

  it('C40 that leaves AWS KMS out is taken with a note', () => {
    const trail = aTrail({ selectors: selecting('All', { excluded: ['kms.amazonaws.com'] }) })
    expect(choose([trail], { how: 'existing', nameOrArn: 'org-trail' })).toMatchObject({
      notes: [expect.stringMatching(/AWS KMS/)],
    })
  })

  it('C39 without management events is refused', () => {
    const trail = aTrail({ selectors: selecting('All', { management: false }) })
    expect(refusal([trail], { how: 'existing', nameOrArn: 'org-trail' }).code).toBe('trail-unsuitable')
  })

  it('C46 whose log group is elsewhere is refused with the account to go to', () => {
    const error = refusal([aTrail({ logGroupAccount: otherAccount })], { how: 'existing', nameOrArn: 'org-trail' })
    expect(error).toMatchObject({ code: 'log-group-elsewhere', exit: 2 })
    expect(error.hint).toContain(otherAccount)
  })
})

describe('a new trail', () => {
  const create: TrailSetup = { how: 'create', name: 'mine', bucket: undefined }

  it('C52 is refused before anything is created when there are five', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => aTrail({ name }))
    const error = refusal(five, create)
    expect(error).toMatchObject({ code: 'trail-quota', exit: 2 })
    expect(error.hint).toMatch(/--trail a/)
  })

  it('C52 converges when it is itself one of the five', () => {
    const five = ['a', 'b', 'c', 'd', 'mine'].map((name) => aTrail({ name }))
    expect(choose(five, create)).toMatchObject({ how: 'own', name: 'mine' })
  })

  it('beside another one says what the second copy costs', () => {
    expect(choose([aTrail()], create).notes.join()).toMatch(/second copy costs \$2\.00/)
  })

  it.each([
    ['that is not logging', { logging: false }],
    ['of data events alone', { selectors: selecting('All', { management: false }) }],
  ])('beside one %s costs nothing to mention', (_what, different) => {
    expect(choose([aTrail(different)], create).notes).toEqual([])
  })

  it('beside one whose state is unknown says what a second copy would cost', () => {
    const notes = choose([{ ...aTrail(), status: unreadable() }], create).notes.join()
    expect(notes).toMatch(/^org-trail may log management events; a second copy costs/)
  })

  it('alone costs nothing to mention', () => {
    expect(choose([], create).notes).toEqual([])
  })
})
