/** In which of PagerDuty's two regions a token is at home. */

import type { ServiceRegion } from '../../domain/route.ts'
import { AppError, EXIT } from '../../errors.ts'
import { regionOf } from '../answers.ts'
import type { Connection, PagerDutyOptions } from './connection.ts'
import { connection } from './connection.ts'
import { listAt, textAt } from './fields.ts'
import { request } from './request.ts'

export type RegionOptions = Omit<PagerDutyOptions, 'region' | 'baseUrl'> & {
  /** Replaces the regions' hosts; loopback only. */
  readonly baseUrls?: Readonly<Record<ServiceRegion, string>>
}

/**
 * The region whose account knows the token: the US host is asked first, then the EU one.
 * The US host may forward an EU token, so the account's own web address has the last word (field case C05).
 * Throws `pagerduty-token-refused` when neither knows it, else the first failure.
 */
export async function findRegion(options: RegionOptions): Promise<ServiceRegion> {
  const us = await tryRegion(options, 'us')
  if (typeof us === 'string') return us
  const eu = await tryRegion(options, 'eu')
  if (typeof eu === 'string') return eu
  const failures = [us, eu]
  throw failures.find(({ code }) => code !== 'pagerduty-token-refused') ?? refusedEverywhere()
}

async function tryRegion(options: RegionOptions, region: ServiceRegion): Promise<ServiceRegion | AppError> {
  const baseUrl = options.baseUrls?.[region]
  const to = connection({ ...options, region, ...(baseUrl === undefined ? {} : { baseUrl }) })
  try {
    await request(to, { path: ['abilities'] })
    return region === 'us' ? ((await homeOf(to)) ?? region) : region
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // A scoped token may not read the abilities, yet here somebody knows it.
    return error.code === 'pagerduty-denied' ? region : error
  }
}

async function homeOf(to: Connection): Promise<ServiceRegion | undefined> {
  const services = await request(to, { path: ['services'], query: { limit: '1' } })
  const [address] = listAt(services, 'services', (service) => textAt(service, 'html_url'))
  return regionOf(address)
}

function refusedEverywhere(): AppError {
  return new AppError('pagerduty-token-refused', 'PagerDuty refused the token in both regions, us and eu', {
    hint: 'check that it was copied whole and is not revoked: Integrations > API Access Keys',
    exit: EXIT.access,
  })
}
