/** Builds the example records of the catalogue: fills in what every CloudTrail event carries. */
import type { CloudTrailEvent, EventJson } from './detection.ts'

type Fields = { readonly [field: string]: EventJson }

/** Documentation values: no real account is named. */
const ACCOUNT = '111122223333'
const PARTITION = 'aws'

/** An ARN of a global resource in the example account, or in the account given (`aws` for managed policies). */
export function exampleArn(service: string, resource: string, account: string = ACCOUNT): string {
  return `arn:${PARTITION}:${service}::${account}:${resource}`
}

/** `userIdentity` of an IAM user. */
export function iamUser(name = 'alice'): Fields {
  const arn = exampleArn('iam', `user/${name}`)
  return {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLE00000001',
    arn,
    accountId: ACCOUNT,
    accessKeyId: 'AKIAEXAMPLE01',
    userName: name,
  }
}

/** `userIdentity` of a session of a role. */
export function assumedRole(name = 'OpsAdmin'): Fields {
  const principalId = 'AROAEXAMPLE00000001'
  const arn = exampleArn('iam', `role/${name}`)
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:session-1`,
    arn: exampleArn('sts', `assumed-role/${name}/session-1`),
    accountId: ACCOUNT,
    accessKeyId: 'ASIAEXAMPLE01',
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId, arn, accountId: ACCOUNT, userName: name },
      attributes: { creationDate: '2026-01-15T09:00:00Z', mfaAuthenticated: 'false' },
    },
  }
}

/**
 * `userIdentity` of a session that IAM Identity Center opened: the permission set and a hash in the name of the role, the
 * person's address as the name of the session (IAM Identity Center user guide, "Referencing permission sets"). A console
 * sign-in carries no session context.
 */
export function ssoSession(person = 'carol@corp.example'): Fields {
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE00000002:${person}`,
    arn: exampleArn('sts', `assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/${person}`),
    accountId: ACCOUNT,
  }
}

/** `userIdentity` of the account's root, with the access key of the call where there is one. */
export function root(accessKeyId?: string): Fields {
  const identity = { type: 'Root', principalId: ACCOUNT, arn: exampleArn('iam', 'root'), accountId: ACCOUNT }
  return accessKeyId === undefined ? identity : { ...identity, accessKeyId }
}

/** `userIdentity` of an AWS service that acts on its own. */
export function awsService(invokedBy: string): Fields {
  return { type: 'AWSService', invokedBy }
}

/** A record of one API call; `details` replaces or adds fields. */
export function apiCall(
  userIdentity: Fields,
  eventSource: string,
  eventName: string,
  details: Fields = {},
): CloudTrailEvent {
  return {
    eventVersion: '1.09',
    userIdentity,
    eventTime: '2026-01-15T10:00:00Z',
    eventSource,
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.23',
    userAgent: 'aws-cli/2.0',
    requestParameters: null,
    responseElements: null,
    // Worked out when somebody reads it: a list of the catalogue does not.
    get eventID() {
      return exampleId(JSON.stringify([userIdentity, eventSource, eventName, details]))
    },
    readOnly: /^(Get|List|Describe|Lookup)/.test(eventName),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...details,
  }
}

/** A record of one sign-in to the console. */
export function consoleLogin(
  userIdentity: Fields,
  result: 'Success' | 'Failure',
  mfaUsed: 'Yes' | 'No',
  additionalEventData: Fields = {},
): CloudTrailEvent {
  return apiCall(userIdentity, 'signin.amazonaws.com', 'ConsoleLogin', {
    userAgent: 'Mozilla/5.0',
    eventType: 'AwsConsoleSignIn',
    responseElements: { ConsoleLogin: result },
    additionalEventData: { MobileVersion: 'No', MFAUsed: mfaUsed, ...additionalEventData },
    ...(result === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
  })
}

/** A sign-in to the console through a SAML provider of the account: AWS does not see its second factor (field case C31). */
export function samlSignIn(): CloudTrailEvent {
  const arn = exampleArn('sts', 'assumed-role/ReadOnly/dave@corp.example')
  return consoleLogin({ ...ssoSession('dave@corp.example'), arn }, 'Success', 'No', {
    SamlProviderArn: exampleArn('iam', 'saml-provider/ExampleIdP'),
  })
}

/** Different for different records, because a record with a known id counts as delivered twice; FNV-1a over the text. */
function exampleId(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return `00000000-0000-4000-8000-${hash.toString(16).padStart(12, '0')}`
}
