/** Terraform itself with the AWS provider, where both are on the machine: a folder with one configuration, against a server on loopback. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, it } from 'vitest'
import { CREDENTIALS } from './stage.ts'

const run = promisify(execFile)

/** Where Terraform itself looks for providers (Terraform documentation, implied local mirrors), after the folder that is named. */
const PLUGINS = [
  process.env.CLOUDTRAIL_PD_TF_PLUGINS,
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
].find((folder) => folder !== undefined && existsSync(join(folder, 'registry.terraform.io/hashicorp/aws')))

const SERVICES = ['cloudtrail', 'cloudwatch', 'iam', 'logs', 'organizations', 's3', 'sns', 'sqs', 'sts']

export interface Terraform {
  /** Writes the configuration. */
  put(configuration: string): Promise<void>
  /** Throws with what Terraform said when it ends with another code than 0. */
  call(...words: readonly string[]): Promise<string>
  /** The actions of a plan, as `aws_sns_topic.alerts update`; imports as `… import`. */
  plan(): Promise<readonly string[]>
  remove(): Promise<void>
}

/** As `describe`, where Terraform and its AWS provider are; elsewhere one line on stderr. */
export async function describeWithTerraform(title: string, body: () => void | Promise<void>): Promise<void> {
  const why = await whyNoTerraform()
  if (why === undefined) {
    describe(title, body)
    return
  }
  it(`${title}: ${why}`, () => {
    process.stderr.write(`${why}\n`)
  })
}

async function whyNoTerraform(): Promise<string | undefined> {
  try {
    await run('terraform', ['version'], { env: environment('') })
  } catch {
    return 'Terraform tests are skipped: there is no terraform in the PATH'
  }
  return PLUGINS === undefined
    ? 'Terraform tests are skipped: CLOUDTRAIL_PD_TF_PLUGINS names no folder with the AWS provider'
    : undefined
}

/** A folder whose provider talks to `endpoint`; `url` is the integration URL. */
export async function openTerraform(endpoint: string, url: string): Promise<Terraform> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-terraform-'))
  const env = environment(url)
  const call = async (...words: readonly string[]) => {
    try {
      const { stdout } = await run('terraform', [...words], { cwd: folder, env, maxBuffer: 50_000_000 })
      return stdout
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      throw new Error(`terraform ${words.join(' ')}\n${stdout}\n${stderr}`)
    }
  }
  await writeFile(join(folder, 'provider.tf'), provider(endpoint))
  return {
    call,
    put: (configuration) => writeFile(join(folder, 'main.tf'), configuration),
    async plan() {
      await call('plan', '-input=false', '-out=plan.bin')
      return actionsIn(JSON.parse(await call('show', '-json', 'plan.bin')))
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The words of `init` that take the provider from the machine. */
export const FROM_HERE = ['init', '-input=false', `-plugin-dir=${PLUGINS}`]

function environment(url: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: tmpdir(),
    ...CREDENTIALS,
    TF_VAR_integration_url: url,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  }
}

function provider(endpoint: string): string {
  const endpoints = SERVICES.map((service) => `    ${service} = "${endpoint}"`).join('\n')
  return `provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  endpoints {
${endpoints}
  }
}
`
}

interface PlanDocument {
  readonly resource_changes?: readonly {
    readonly address: string
    readonly change: { readonly actions: readonly string[]; readonly importing?: object }
  }[]
}

function actionsIn({ resource_changes: changes = [] }: PlanDocument): readonly string[] {
  return changes.flatMap(({ address, change: { actions, importing } }) => [
    ...(importing === undefined ? [] : [`${address} import`]),
    ...actions.filter((action) => action !== 'no-op' && action !== 'read').map((action) => `${address} ${action}`),
  ])
}
