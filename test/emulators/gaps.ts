/**
 * Where the three imitations of AWS differ from it: one row a question. A column that is missing answers as AWS does.
 * Every word here is asserted, so an emulator that closes a gap fails the contract test, and its column goes.
 */

import type { Question } from './probes.ts'

export interface Row {
  /** What AWS answers. */
  readonly aws: string
  readonly sandbox?: string
  readonly moto?: string
  readonly ministack?: string
  /** What follows for the tests. */
  readonly why?: string
}

const FORGIVING = "accepts anything; the tool's own checks and the sandbox show the refusal"
const NOT_THERE = 'not implemented (moto answers with HTML); an optional read that fails in any way is `skip`'

export const ANSWERS: Readonly<Record<Question, Row>> = {
  'a subscription that nobody confirms': {
    aws: '"pending confirmation", listed as "PendingConfirmation"',
    moto: 'an ARN, listed as an ARN',
    ministack: '"pending confirmation", listed as an ARN',
    why: 'pending is shown by the sandbox; moto confirms everything at once, and MiniStack lists the ARN early (the attribute is right)',
  },
  'the attribute of a pending subscription': {
    aws: 'PendingConfirmation true',
    moto: 'PendingConfirmation false',
    ministack: 'NotFoundException',
    why: 'MiniStack ignores ReturnSubscriptionArn, so the tool takes the ARN from the list',
  },
  'an e-mail subscription that nobody confirms': {
    aws: 'listed as "PendingConfirmation"',
    moto: 'listed as an ARN',
    ministack: 'listed as an ARN',
    why: 'that an address has to be confirmed is shown by the sandbox',
  },
  'an e-mail subscription to no address': {
    aws: 'InvalidParameterException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'the same subscription twice': {
    aws: 'same ARN, 1 listed',
    ministack: 'other ARN, 1 listed',
    why: 'while it is pending, MiniStack answers the second time with the ARN that it withheld the first',
  },
  'a pending subscription that is asked for again': {
    aws: '2 confirmation requests',
    moto: '0 confirmation requests',
    ministack: '1 confirmation requests',
    why: 'asking PagerDuty again works in the sandbox only; on MiniStack the topic has to be deleted first',
  },
  'unsubscribing the word PendingConfirmation': {
    aws: 'InvalidParameterException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a plain URL for https': { aws: 'InvalidParameterException', moto: 'done', ministack: 'done', why: FORGIVING },
  'a topic made again with another display name': {
    aws: 'InvalidParameterException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a topic made again with another tag': {
    aws: 'InvalidParameterException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  "a topic's first policy": { aws: '__default_statement_ID' },
  'a missing topic': { aws: 'NotFoundException' },
  'deleting a missing topic': { aws: 'done' },
  'a pattern without an operand': { aws: 'InvalidParameterException', moto: 'done', ministack: 'done', why: FORGIVING },
  'a pattern without its last brace': {
    aws: 'InvalidParameterException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a pattern with EXISTS': { aws: 'InvalidParameterException', moto: 'done', ministack: 'done', why: FORGIVING },
  'a pattern of 1,025 characters': { aws: 'InvalidParameterException', ministack: 'done', why: FORGIVING },
  'dimensions together with a default value': {
    aws: 'InvalidParameterException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a filter in a missing log group': { aws: 'ResourceNotFoundException', moto: 'done', why: FORGIVING },
  'the filters of a missing log group': { aws: 'ResourceNotFoundException', moto: 'done', why: FORGIVING },
  'deleting a missing filter': { aws: 'ResourceNotFoundException', moto: 'done', why: FORGIVING },
  'deleting a missing log group': { aws: 'ResourceNotFoundException' },
  'a log group made twice': { aws: 'ResourceAlreadyExistsException' },
  'the class of a log group': {
    aws: 'INFREQUENT_ACCESS',
    moto: 'undefined',
    why: 'absent means STANDARD, so moto cannot show the class that metric filters do not work in',
  },
  TestMetricFilter: { aws: '1 match', moto: 'SyntaxError', ministack: 'InvalidOperationException', why: NOT_THERE },
  'a topic of another region as action': {
    aws: 'ValidationException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'missing data treated as "Missing"': { aws: 'ValidationException', moto: 'done', ministack: 'done', why: FORGIVING },
  'a period of 45 seconds': { aws: 'ValidationException', moto: 'done', ministack: 'done', why: FORGIVING },
  'the state of a new alarm': {
    aws: 'INSUFFICIENT_DATA',
    moto: 'OK',
    why: 'no test may lean on the first state of an alarm',
  },
  'the state of an alarm that is put again': {
    aws: 'ALARM',
    moto: 'OK',
    why: 'no test may lean on a state that outlives a change',
  },
  'alarms one a page': {
    aws: 'paged',
    moto: 'all at once',
    why: 'the sandbox pages by two, so a forgotten page shows there',
  },
  DescribeAlarmHistory: { aws: 'done', moto: 'SyntaxError', why: NOT_THERE },
  ListAlarmMuteRules: { aws: 'done', moto: 'SyntaxError', ministack: 'InvalidAction', why: NOT_THERE },
  'an alarm that is set to ALARM': {
    aws: 'an incident',
    moto: 'nothing',
    why: 'moto stores the state and runs no action; MiniStack pages over a real HTTP POST',
  },
  'a trail into a bucket without a policy': {
    aws: 'InsufficientS3BucketPolicyException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a trail into a missing bucket': { aws: 'S3BucketDoesNotExistException', ministack: 'done', why: FORGIVING },
  'a trail of a name that is taken': { aws: 'TrailAlreadyExistsException', moto: 'done', why: FORGIVING },
  'the log group that a trail is made with': {
    aws: 'kept',
    ministack: 'lost',
    why: 'tests that need such a trail set the log group by UpdateTrail',
  },
  'a log group without :*': {
    aws: 'InvalidCloudWatchLogsLogGroupArnException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a log group that is missing': {
    aws: 'InvalidCloudWatchLogsLogGroupArnException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a role that is missing': {
    aws: 'InvalidCloudWatchLogsRoleArnException',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a new trail': { aws: 'does not log' },
  'a multi-region trail seen from elsewhere': { aws: 'company-audit of us-east-1' },
  'the same without shadow trails': { aws: '0 trails' },
  'a change from another region': {
    aws: 'InvalidHomeRegionException',
    moto: 'TrailNotFoundException',
    why: 'either word means: go to the home region',
  },
  'the selectors of a new trail': {
    aws: '1 selector, All',
    moto: '0 selector, undefined',
    why: 'no selector counts as the default, which is all management events',
  },
  'deleting a missing trail': { aws: 'TrailNotFoundException', moto: 'done', why: FORGIVING },
  LookupEvents: { aws: 'done', moto: 'SyntaxError', why: NOT_THERE },
  'a missing queue': { aws: 'QueueDoesNotExist' },
  'the attributes of a queue': { aws: '1209600, true, 0, same policy' },
  'a queue made again at once after it was deleted': {
    aws: 'QueueDeletedRecently',
    moto: 'done',
    ministack: 'done',
    why: FORGIVING,
  },
  'a subscription made with a queue': { aws: 'an ARN, its queue' },
  'a queue taken from its subscription': { aws: 'done, no queue' },

  'a missing dashboard': { aws: 'ResourceNotFound' },
  'deleting a missing dashboard': {
    aws: 'ResourceNotFound',
    ministack: 'DashboardNotFoundError',
    why: 'the name of the shape in place of the code of the protocol; the tool takes both',
  },
  'a list of dashboards': {
    aws: '1 dashboard',
    ministack: 'TypeError',
    why: 'a time that is no number; the tool reads dashboards by name',
  },
  'the body of a dashboard': { aws: 'as it was put' },
  'a dashboard without widgets': { aws: 'InvalidParameterInput', moto: 'done', ministack: 'done', why: FORGIVING },

  'a missing role': { aws: 'NoSuchEntityException' },
  'deleting a missing role': { aws: 'NoSuchEntityException' },
  'the policy of a missing bucket': { aws: 'NoSuchBucket' },
  'the policy of a bucket without one': { aws: 'NoSuchBucketPolicy' },
  'deleting a missing bucket': { aws: 'NoSuchBucket' },
}
