/** Which Security Hub controls a chain cannot pass, and what each of them lacks. */

import type { Detection } from '../detections/detection.ts'
import { parseArn } from '../domain/names.ts'
import { type Note, notes } from '../domain/note.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { awsCommand } from '../next-command.ts'
import type { NotificationNames } from './chain-names.ts'
import type { Setup } from './setup.ts'

/** The controls that the published texts of these detections answer, in the order of their numbers. */
export function controlsOf(detections: readonly Detection[]): readonly string[] {
  const controls = detections.flatMap(({ compliance }) => compliance?.securityHubControl ?? [])
  return [...new Set(controls)].sort((a, b) => numberIn(a) - numberIn(b))
}

/**
 * A control wants an alarm action with a subscriber (Security Hub user guide, CloudWatch controls). The topic of the
 * compliance twins pages no one, so its subscriber is for people to add. One sentence, or none when all is well.
 */
export function unsubscribedControls(
  { variant, detections }: Pick<Setup, 'variant' | 'detections'>,
  snapshot: Pick<Snapshot, 'subscriptions'>,
  { complianceTopicArn: arn }: NotificationNames,
): readonly Note[] {
  const controls = controlsOf(detections)
  if (variant !== 'both' || arn === undefined || controls.length === 0) return []
  const subscriptions = snapshot.subscriptions.get(arn)
  if (subscriptions?.state === 'read' && subscriptions.value.some(({ confirmed }) => confirmed === true)) return []
  const { resource = arn, region = '' } = parseArn(arn) ?? {}
  if (subscriptions?.state === 'unreadable' && subscriptions.denied) {
    return notes('control-without-subscriber', [
      `whether ${controls.join(', ')} can pass is not known: the subscribers of ${resource} could not be read`,
    ])
  }
  return [
    {
      code: 'control-without-subscriber',
      text: `Security Hub ${controls.join(', ')} stay failed: topic ${resource} has no confirmed subscriber; add one that pages no one, such as an email address:`,
      next: awsCommand('sns subscribe', {
        region,
        'topic-arn': arn,
        protocol: 'email',
        'notification-endpoint': 'ADDRESS',
      }),
    },
  ]
}

function numberIn(control: string): number {
  return Number(/\d+$/.exec(control)?.[0])
}
