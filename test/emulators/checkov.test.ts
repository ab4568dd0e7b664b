/** checkov over every kind of template: what it finds is what docs/export.md answers, rule by rule. */

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { KEY, runTool } from '../support/tool.ts'

const run = promisify(execFile)

/** checkov is 300 MB, so it is not installed here: `pip install checkov`, and its path where it is not in PATH. */
const CHECKOV = process.env.CHECKOV || 'checkov'

const WITHIN_MS = 300_000

const FEW = ['--detections', 'root-account-usage,alert-pipeline-tampering,console-signin-without-mfa']
const TICKETS = ['--low-urgency-integration-url', `https://events.pagerduty.com/x-ere/${KEY}`]

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  recommended: [],
  everything: ['--detections', 'all', '--variant', 'both', '--drill', '--heartbeat', '--dashboard', ...TICKETS],
  organization: ['--scope', 'organization', ...FEW],
  'existing-trail': ['--trail', 'org', '--log-group', '/aws/ct', ...FEW],
  'existing-topic': ['--topic', 'arn:aws:sns:us-east-1:123456789012:mine', ...FEW],
  'with-key': ['--kms-key', 'alias/topic', '--no-auto-resolve', ...FEW],
}

interface Report {
  readonly check_type: string
  readonly summary: { readonly parsing_errors: number; readonly resource_count: number }
  readonly results: { readonly failed_checks: readonly { readonly check_id: string }[] }
}

/** The reports for CloudFormation and for Terraform. */
async function reports(): Promise<readonly Report[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-checkov-'))
  try {
    for (const [name, line] of Object.entries(VARIANTS)) {
      await mkdir(join(folder, name))
      for (const [format, file] of [
        ['cloudformation', 'template.yaml'],
        ['terraform', 'main.tf'],
      ] as const) {
        const { exit, stdout, stderr } = await runTool(['export', '--format', format, ...line], {})
        expect(exit, stderr).toBe(0)
        await writeFile(join(folder, name, file), stdout)
      }
    }
    const args = ['-d', folder, '--framework', 'cloudformation', 'terraform', '--quiet', '--compact']
    const { stdout } = await run(CHECKOV, [...args, '--skip-download', '--soft-fail', '-o', 'json'], {
      maxBuffer: 50_000_000,
    })
    return JSON.parse(stdout)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function whyNoCheckov(): Promise<string | undefined> {
  try {
    await run(CHECKOV, ['--version'])
    return undefined
  } catch {
    return `checkov is not run: there is no ${CHECKOV}`
  }
}

const why = await whyNoCheckov()

if (why !== undefined && process.env.REQUIRE_CHECKOV !== '1') {
  it(why, () => {
    process.stderr.write(`${why}\n`)
  })
} else {
  describe('what checkov finds in a template', () => {
    it('is what docs/export.md answers, rule by rule', { timeout: WITHIN_MS }, async () => {
      const found = await reports()
      expect(found.map(({ check_type }) => check_type).toSorted()).toEqual(['cloudformation', 'terraform'])
      for (const { summary } of found) {
        expect(summary.parsing_errors).toBe(0)
        expect(summary.resource_count).toBeGreaterThan(200)
      }
      const rules = found.flatMap(({ results }) => results.failed_checks.map(({ check_id }) => check_id))
      const page = await readFile(join(import.meta.dirname, '../../docs/export.md'), 'utf8')
      const answered = [...page.matchAll(/\bCKV2?_AWS_\d+\b/g)].map(([rule]) => rule)
      expect([...new Set(rules)].toSorted()).toEqual([...new Set(answered)].toSorted())
    })
  })
}
