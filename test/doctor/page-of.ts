/** The page of a diagnosis, as `doctor --html` writes it. */

import type { Gathered } from '../../src/doctor/account.ts'
import { type Diagnosis, diagnose } from '../../src/doctor/diagnose.ts'
import { type DoctorPageView, doctorPage } from '../../src/doctor/page/page.ts'
import { aFilter, anAlarm, aTransformation, NOW, SITE, someFacts } from '../support/builders.ts'

const VIEW: DoctorPageView = {
  now: NOW,
  version: '1.2.3',
  accounts: false,
  scope: {},
  since: undefined,
  caller: SITE.account,
  sameChain: (command) => command,
}

export function pageOf(diagnoses: readonly Diagnosis[], view: Partial<DoctorPageView> = {}): string {
  return [...doctorPage(diagnoses, { ...VIEW, ...view })].join('')
}

/** An account with so many chains, every third of them without an OK action. */
export function accountOf(chains: number): Gathered {
  const names = Array.from({ length: chains }, (_, at) => `detection-${at}`)
  const metric = (name: string) => ({ namespace: 'Security', name })
  return someFacts({
    filters: names.map((name) => aFilter({ name, transformations: [aTransformation(metric(name))] })),
    alarms: names.map((name, at) =>
      anAlarm({ name, metric: { ...metric(name), dimensions: {} }, ...(at % 3 === 0 ? { okActions: [] } : {}) }),
    ),
  })
}

/** The same account in another place. */
export function inPlace(gathered: Gathered, account: string, region: string): Diagnosis {
  return { ...diagnose(gathered), account, region }
}

/** So many times the account's chains and findings, under other names: judging so many anew would take the time of the test. */
export function timesOver(gathered: Gathered, times: number): Diagnosis {
  const one = diagnose(gathered)
  const findings = [...one.findings]
  const numbers = Array.from({ length: times }, (_, at) => at)
  const { pass, warn, fail, skip } = one.summary
  return {
    ...one,
    summary: { pass: pass * times, warn: warn * times, fail: fail * times, skip: skip * times },
    chains: numbers.flatMap((at) =>
      one.chains.map((chain) => ({
        ...chain,
        alarm: chain.alarm && { ...chain.alarm, name: `${chain.alarm.name}-${at}` },
      })),
    ),
    findings: {
      *[Symbol.iterator]() {
        for (const at of numbers)
          for (const finding of findings)
            yield { ...finding, resource: `${finding.resource}-${at}`, evidence: `${finding.evidence} (${at})` }
      },
    },
  }
}
