/** Why a profile of the AWS configuration files gives no credentials, told from the files alone. */

/** The settings of one section, as the files have them. */
export type ProfileSettings = Readonly<Record<string, string | undefined>>
export type Profiles = Readonly<Record<string, ProfileSettings>>

/** A cause and the one next step for it. */
export interface ProfileProblem {
  readonly cause: string
  readonly hint: string
}

/** `name` and the profiles that it gets its credentials from, in order; ends before a profile that repeats or is missing. */
export function sourceChain(profiles: Profiles, name: string): readonly string[] {
  const chain: string[] = []
  for (let next: string | undefined = name; next !== undefined && !chain.includes(next); ) {
    const profile: ProfileSettings | undefined = profiles[next]
    if (profile === undefined) break
    chain.push(next)
    next = profile.source_profile
  }
  return chain
}

/** The serial of the MFA device that a profile, or one behind it, needs a code of. */
export function mfaSerial(profiles: Profiles, name: string): string | undefined {
  return sourceChain(profiles, name)
    .map((one) => profiles[one]?.mfa_serial)
    .find((serial) => serial !== undefined)
}

/** The command that lets the AWS CLI ask for a code and hands its credentials to this shell (AWS CLI user guide, export-credentials). */
export function exportCredentials(name: string): string {
  return `eval "$(aws configure export-credentials --profile ${name} --format env)"`
}

/**
 * What keeps `name` from giving credentials (field cases N27, N28, N42); undefined where the files show no reason.
 * `exists` tells whether a file is there.
 */
export function profileProblem(
  profiles: Profiles,
  name: string,
  exists: (path: string) => boolean = () => true,
): ProfileProblem | undefined {
  if (profiles[name] === undefined) return missingProfile(profiles, name)
  const chain = sourceChain(profiles, name)
  const last = chain[chain.length - 1] ?? name
  const settings = profiles[last] ?? {}
  const behind = last === name ? '' : `, which profile ${name} gets its credentials from,`
  const source = settings.source_profile
  // A profile may name itself: then its own keys are meant.
  if (source !== undefined && source !== last) {
    if (chain.includes(source)) {
      return {
        cause: `the profiles ${[...chain.slice(chain.indexOf(source)), source].join(' -> ')} refer to each other`,
        hint: `change source_profile of ${last} in the AWS configuration file`,
      }
    }
    return {
      cause: `profile ${last} names source_profile ${source}, which does not exist`,
      hint: `add profile ${source}, or change source_profile of ${last}; existing profiles: aws configure list-profiles`,
    }
  }
  const serial = mfaSerial(profiles, name)
  if (serial !== undefined) {
    return { cause: `profile ${name} needs a code of the MFA device ${serial}`, hint: exportCredentials(name) }
  }
  if (settings.credential_process !== undefined) {
    return {
      cause: `the credential_process of profile ${last}${behind} failed or printed no credentials`,
      hint: `run it to see its error; aws configure get credential_process --profile ${last} prints it`,
    }
  }
  if (settings.sso_session !== undefined || settings.sso_start_url !== undefined) {
    return {
      cause: `the sign-in of profile ${last}${behind} is missing or has expired`,
      hint: `sign in again: aws sso login --profile ${last}`,
    }
  }
  if (settings.login_session !== undefined) {
    return {
      cause: `the sign-in of profile ${last}${behind} is missing or has expired`,
      hint: `sign in again: aws login --profile ${last}`,
    }
  }
  const token = settings.web_identity_token_file
  if (token !== undefined && !exists(token)) {
    return {
      cause: `the web identity token file of profile ${last}${behind} does not exist: ${token}`,
      hint: 'check web_identity_token_file, or run where the token is mounted',
    }
  }
  if (settings.credential_source !== undefined) {
    return {
      cause: `profile ${last} takes its credentials from ${settings.credential_source}, which is not available here`,
      hint: 'run where that source exists, or use another profile: aws configure list-profiles',
    }
  }
  if (settings.aws_access_key_id === undefined) {
    return {
      cause: `profile ${last} has no credentials`,
      hint: `add them with aws configure --profile ${last}, or use another profile: aws configure list-profiles`,
    }
  }
  return undefined
}

/** Names the profile; never offers a command that would create it by the mistyped name (field case N42). */
function missingProfile(profiles: Profiles, name: string): ProfileProblem {
  const names = Object.keys(profiles)
  const close = names.filter((other) => other.toLowerCase() === name.toLowerCase() || other.startsWith(name))
  const known = close.length > 0 ? close : names
  const shown = known.slice(0, 10).join(', ')
  return {
    cause: `profile ${name} does not exist in the AWS configuration files`,
    hint: names.length === 0 ? 'no profile is configured: aws configure' : `existing profiles: ${shown}`,
  }
}

/** The region of an availability zone such as `us-east-1a`; undefined for anything else. */
export function regionOfZone(text: string): string | undefined {
  return /^([a-z]{2,}(?:-[a-z]+)+-\d)[a-z]$/.exec(text)?.[1]
}
