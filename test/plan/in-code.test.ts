import { describe, expect, it } from 'vitest'
import { inCode } from '../../src/plan/in-code.ts'
import type { Repair } from '../../src/plan/repair.ts'
import { anAlarm, TOPIC } from '../support/builders.ts'

const MARK = 'cloudtrail-pd/1 name=cloudtrail-pd detection=root-account-usage'

function aRepair(description: string): Repair {
  return { kind: 'alarm', alarm: { ...anAlarm(), description }, set: { OKActions: [TOPIC] } }
}

const TRAIL = { trailArn: 'arn:aws:cloudtrail:us-east-1:123456789012:trail/main', region: 'us-east-1' }

describe('a repair names its attribute in Terraform and in CloudFormation', () => {
  const cases: readonly [string, Repair, readonly string[]][] = [
    [
      'of an alarm that is made elsewhere',
      aRepair('by hand'),
      [
        `in Terraform: aws_cloudwatch_metric_alarm, ok_actions = ["${TOPIC}"]`,
        `in CloudFormation: AWS::CloudWatch::Alarm, OKActions: ["${TOPIC}"]`,
      ],
    ],
    [
      'of an alarm of an export',
      aRepair(`${MARK} by=terraform`),
      [
        `in Terraform: aws_cloudwatch_metric_alarm, ok_actions = ["${TOPIC}"]`,
        `in CloudFormation: AWS::CloudWatch::Alarm, OKActions: ["${TOPIC}"]`,
      ],
    ],
    ['and none for an alarm that init keeps up', aRepair(MARK), []],
    [
      'of a trail',
      { kind: 'start-logging', ...TRAIL },
      [
        'in Terraform: aws_cloudtrail, enable_logging = true',
        'in CloudFormation: AWS::CloudTrail::Trail, IsLogging: true',
      ],
    ],
  ]
  it.each(cases)('%s', (_what, repair, expected) => {
    expect(inCode(repair)).toEqual(expected)
  })
})
