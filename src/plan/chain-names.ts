/** Both sides of the chain resolved to names: where the events come from and where the messages go. */

import { scopeTo } from '../detections/scope.ts'
import {
  chainNames,
  logGroupNameOf,
  parseArn,
  roleArn,
  roleNameOf,
  type Site,
  topicArn,
  trailArn,
} from '../domain/names.ts'
import type { Setup } from './setup.ts'
import type { TrailChoice } from './trail-choice.ts'

/** Where the events come from, resolved to names: what the observation has to look at before anything can be planned. */
export interface EventNames {
  readonly trailName: string
  readonly trailArn: string
  readonly logGroup: string
  /** True when the chain makes or keeps up the delivery itself. */
  readonly managesDelivery: boolean
  readonly roleArn: string
  readonly bucket: string | undefined
}

/** Where the messages go. */
export interface NotificationNames {
  readonly topicArn: string
  readonly ticketTopicArn: string | undefined
  readonly complianceTopicArn: string | undefined
  /** Of e-mail about failed deliveries and silence. */
  readonly fallbackTopicArn?: string | undefined
}

export function eventNames(setup: Setup, site: Site, choice: TrailChoice): EventNames {
  const names = chainNames(setup.name, site)
  if (choice.how === 'own') {
    return {
      trailName: choice.name,
      trailArn: trailArn({ ...site, account: choice.owner ?? site.account }, choice.name),
      logGroup: setup.logGroup ?? names.logGroup(choice.name),
      managesDelivery: true,
      roleArn: roleArn(site, setup.logRole ?? names.role),
      bucket: choice.bucket,
    }
  }
  const { trail } = choice
  const delivered = trail.logGroupArn === undefined ? undefined : logGroupNameOf(trail.logGroupArn)
  const computedRole = roleArn(site, setup.logRole ?? names.role)
  return {
    trailName: trail.name,
    trailArn: trail.arn,
    logGroup: delivered ?? setup.logGroup ?? names.logGroup(trail.name),
    managesDelivery: delivered === undefined || roleNameOf(trail.roleArn ?? '') === names.role,
    roleArn: delivered === undefined ? computedRole : (trail.roleArn ?? computedRole),
    bucket: undefined,
  }
}

export function notificationNames(setup: Setup, site: Site): NotificationNames {
  const names = chainNames(setup.name, site)
  const named = setup.topic.nameOrArn
  const arn = named === undefined ? topicArn(site, names.topic) : parseArn(named) ? named : topicArn(site, named)
  return {
    topicArn: arn,
    ticketTopicArn: setup.ticketRoute === undefined ? undefined : topicArn(site, names.ticketTopic),
    complianceTopicArn: setup.variant === 'both' ? topicArn(site, names.complianceTopic) : undefined,
    fallbackTopicArn: setup.fallback === undefined ? undefined : topicArn(site, names.fallbackTopic),
  }
}

/** The setup with the detections that watch the chain itself narrowed to its own names. */
export function scopedTo(site: Site, setup: Setup, choice: TrailChoice): Setup {
  const names = {
    alarmPrefix: `${chainNames(setup.name, site).prefix}-`,
    logGroup: eventNames(setup, site, choice).logGroup,
    topicArn: notificationNames(setup, site).topicArn,
  }
  return { ...setup, detections: setup.detections.map((detection) => scopeTo(names, detection)) }
}
