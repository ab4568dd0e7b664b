/** Lambda function exposed to anyone. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { FIELD_NOISE } from '../sources.ts'

export const lambdaPublic: Detection = {
  id: 'lambda-public',
  title: 'Lambda function exposed to anyone',
  tier: 'extended',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "lambda.amazonaws.com") && ((($.eventName = "AddPermission2015*") && ($.requestParameters.principal = "*") && ($.requestParameters.principal != "*.amazonaws.com") && ($.requestParameters.principal != "arn:*") && ($.requestParameters.principal != "0*") && ($.requestParameters.principal != "1*") && ($.requestParameters.principal != "2*") && ($.requestParameters.principal != "3*") && ($.requestParameters.principal != "4*") && ($.requestParameters.principal != "5*") && ($.requestParameters.principal != "6*") && ($.requestParameters.principal != "7*") && ($.requestParameters.principal != "8*") && ($.requestParameters.principal != "9*")) || ((($.eventName = "CreateFunctionUrlConfig*") || ($.eventName = "UpdateFunctionUrlConfig*")) && ($.requestParameters.authType = "NONE"))) && ($.errorCode NOT EXISTS) }',
    metric: counts('LambdaPublic'),
    alarm: oneEvent,
  },
  whyItMatters: 'A public function with a generous role is a remote shell into the account.',
  firstLook: "The function's role, and whether the function was meant to be public.",
  knownNoise: ['Public webhooks by design: function URLs without authentication.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'functions are deployed from code' }],
  limits: [
    'A literal star cannot be written in a pattern, so any principal counts that is no service, ARN or account number.',
    'The event names of function URLs were not yet seen on real records.',
  ],
  attack: ['T1098'],
  sources: [
    'panther-labs/panther-analysis aws_backdoor_lambda_function',
    'SigmaHQ/sigma aws_lambda_function_url',
    FIELD_NOISE,
  ],
  ownEvents: [
    apiCall(iamUser(), 'lambda.amazonaws.com', 'AddPermission20150331v2', {
      requestParameters: { functionName: 'fn', statementId: 'x', action: 'lambda:InvokeFunction', principal: '*' },
    }),
    apiCall(assumedRole(), 'lambda.amazonaws.com', 'AddPermission20150331v2', {
      requestParameters: { functionName: 'fn', statementId: 'y', action: 'lambda:InvokeFunction', principal: '*' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'lambda.amazonaws.com', 'AddPermission20150331v2', {
      requestParameters: {
        functionName: 'fn',
        statementId: 'x',
        action: 'lambda:InvokeFunction',
        principal: 's3.amazonaws.com',
      },
    }),
    apiCall(assumedRole(), 'lambda.amazonaws.com', 'GetFunction20150331v2'),
  ],
}
