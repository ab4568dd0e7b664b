/** `doctor`: finds every chain in the account and region, says what is broken, what it costs and what to do, and repairs it. */

import { VERSION } from '../../aws/version.ts'
import type { CommandContext } from '../../context.ts'
import { type News, newsSince, readEarlier } from '../../doctor/changed-since.ts'
import { type Fix, isProblem } from '../../doctor/check.ts'
import type { Diagnosis } from '../../doctor/diagnose.ts'
import { repairsOf } from '../../doctor/diagnose.ts'
import { diagnosisJunit } from '../../doctor/junit.ts'
import { diagnosisMarkdown } from '../../doctor/markdown.ts'
import type { NextStepView } from '../../doctor/next-step.ts'
import { accountsJson, allHealthy, diagnosisJson, totals } from '../../doctor/report.ts'
import { type AppError, EXIT, type ExitCode, fileNotWritten, usage } from '../../errors.ts'
import { requirePlace } from '../../html/place.ts'
import { errorJson } from '../../json/error.ts'
import type { NextCommand } from '../../next-command.ts'
import type { DoctorOptions, OptionName } from '../../options/command-options.ts'
import { onSameChain } from '../../options/next-command.ts'
import { readText } from '../../options/read.ts'
import { inBlocks } from '../../ui/output.ts'
import { showFindings } from '../../ui/render/findings.ts'
import { showNews } from '../../ui/render/news.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { workingTime } from '../working-time.ts'
import { type PlannedRepair, type RepairOutcome, repairAll } from './fix.ts'
import { openProgressFile } from './progress-file.ts'
import { openAccounts, type ScanResult, scanTargets } from './targets.ts'

export async function doctor(options: DoctorOptions, context: CommandContext): Promise<Report> {
  if (options.fix === true && options.yes !== true && context.prompter === undefined) throw nobodyToAsk()
  if (options.resume !== undefined && options.fix === true) throw noRepair()
  if (options.resume !== undefined && options.accounts === undefined && options.allRegions !== true) throw onePlace()
  if (options.html !== undefined) await requirePlace(options.html, context.files)
  const path = options.changedSince
  const earlier =
    path === undefined ? undefined : readEarlier(await readText(path, '--changed-since', context.files), path)
  const time = workingTime(context)
  const session = await openSession(options, context)
  const accounts = await openAccounts(session, options, context)
  const { trail, logGroup, topic, alarm } = options
  const scope = { trail, logGroup, topic, alarm }
  const scan = async () => {
    if (options.resume === undefined) return scanTargets(accounts, scope, options, context)
    const { account } = session.identity
    const asked = JSON.stringify([account, session.region, options.accounts, options.allRegions === true, scope])
    const file = await openProgressFile(options.resume, asked, context)
    let complete = false
    try {
      const found = await scanTargets(accounts, scope, options, context, file)
      complete = true
      return found
    } finally {
      await file.close(complete)
    }
  }
  const before = await scan()
  const repairs = options.fix === true ? plannedRepairs(before) : []
  const outcome = repairs.length === 0 ? undefined : await repairAll(repairs, options, time.context)
  const after = outcome === undefined || outcome.done.length === 0 ? before : await scan()
  const caller = session.identity.account
  const diagnoses = [...after.scans.map(({ diagnosis }) => diagnosis), ...after.others].map((one, _, all) =>
    withPlace(one, all.length > 1 ? { ...options, region: one.region } : options, caller),
  )
  if (earlier !== undefined && !diagnoses.some(({ account }) => account === earlier.account)) {
    throw ofAnotherAccount(path ?? '', earlier.account)
  }
  const news = earlier && newsSince(earlier, diagnoses)
  const unwritten = await writeFiles(news?.diagnoses ?? diagnoses, { options, caller, news }, context)
  context.progress.done('doctor', 'good', 'looked')
  const seconds = time.milliseconds() / 1000
  const error = outcome?.failed ?? unwritten
  return doctorReport(diagnoses, outcome, { options, caller, seconds, error, news })
}

interface RunShown {
  readonly options: DoctorOptions
  /** The account of whoever asks. */
  readonly caller: string
  readonly seconds: number
  readonly error: AppError | undefined
  /** With an earlier report to compare with. */
  readonly news: News | undefined
}

function doctorReport(
  diagnoses: readonly Diagnosis[],
  outcome: RepairOutcome | undefined,
  { options, caller, seconds, error, news }: RunShown,
): Report {
  const repairs = outcome === undefined ? {} : { repairs: outcome.reported }
  const accounts = options.accounts === undefined ? {} : { accounts: accountsJson(diagnoses) }
  const reported = error === undefined ? {} : { error: errorJson(error) }
  const strict = options.strict === true
  const exit = news === undefined ? exitOf(diagnoses, strict) : exitOfNews(diagnoses, news, strict)
  const { standing, resolved, worse } = news ?? {}
  return {
    exit: error?.exit ?? exit,
    json: {
      ...diagnosisJson(news?.diagnoses ?? diagnoses),
      ...(news === undefined ? {} : { changedSince: { standing, resolved, worse } }),
      ...accounts,
      ...repairs,
      ...reported,
    },
    text: (theme, width) => {
      const shown =
        news !== undefined
          ? showNews({ ...news, path: options.changedSince ?? '' }, theme, width)
          : showFindings(diagnoses, theme, width, {
              seconds,
              caller,
              accounts: options.accounts !== undefined,
              sameChain: (command, region) => sameChainIn(command, options, region),
            })
      return error === undefined ? shown : `${theme.mark('bad')} ${error.message}\n\n${shown}`
    },
  }
}

/** What narrowed or widened the look, for a command that looks again. */
const LOOK: readonly OptionName[] = ['trail', 'logGroup', 'topic', 'alarm', 'allRegions', 'accounts']

function sameChain(command: NextCommand, options: DoctorOptions): NextCommand {
  return onSameChain(command, { ...options }, isDoctor(command) ? LOOK : [])
}

function sameChainIn(command: NextCommand, options: DoctorOptions, region: string | undefined): NextCommand {
  return sameChain(command, region === undefined ? options : { ...options, region })
}

/** Every command that a finding offers leads to the place that it was found in; what needs the credentials of another account says so. */
function withPlace(diagnosis: Diagnosis, options: DoctorOptions, caller: string): Diagnosis {
  const { findings, account } = diagnosis
  const placed = (fix: Fix): Fix => {
    const { command, look } = fix
    const offered = command ?? look
    if (offered === undefined) return fix
    const here = account === caller || isDoctor(offered)
    // The profile is the caller's: there it would lead into the wrong account.
    const told = (one: NextCommand) => sameChain(one, here ? options : { ...options, profile: undefined })
    return {
      ...fix,
      ...(here ? {} : { summary: `${fix.summary} (with credentials of account ${account})` }),
      ...(command === undefined ? {} : { command: told(command) }),
      ...(look === undefined ? {} : { look: told(look) }),
    }
  }
  return {
    ...diagnosis,
    findings: {
      *[Symbol.iterator]() {
        for (const finding of findings) yield isProblem(finding) ? { ...finding, fix: placed(finding.fix) } : finding
      },
    },
  }
}

/** It assumes a role where it has to. */
function isDoctor({ tool, words }: NextCommand): boolean {
  return tool === 'cloudtrail-pd' && words[0] === 'doctor'
}

function exitOf(diagnoses: readonly Diagnosis[], strict: boolean): ExitCode {
  if (diagnoses.every(({ denied }) => denied)) return EXIT.access
  const warned = strict && totals(diagnoses).warn > 0
  return allHealthy(diagnoses) && !warned ? EXIT.done : EXIT.findings
}

/** What was wrong before is known: only what is new and wrong is told by the exit code. */
function exitOfNews(diagnoses: readonly Diagnosis[], { counts, worse }: News, strict: boolean): ExitCode {
  if (diagnoses.every(({ denied }) => denied)) return EXIT.access
  return counts.fail > 0 || worse.length > 0 || (strict && counts.warn > 0) ? EXIT.findings : EXIT.done
}

function plannedRepairs({ scans }: ScanResult): readonly PlannedRepair[] {
  return scans.flatMap(({ aws, diagnosis }) => repairsOf(diagnosis.findings).map((repair) => ({ aws, repair })))
}

/** Repairs may have been made, so a file that cannot be written fails the run and never hides what was found. */
async function writeFiles(
  diagnoses: readonly Diagnosis[],
  { options, caller, news }: Pick<RunShown, 'options' | 'caller' | 'news'>,
  context: CommandContext,
): Promise<AppError | undefined> {
  const { junit, report, html } = options
  const now = context.clock.now()
  const accounts = options.accounts !== undefined
  const page = html === undefined ? undefined : await import('../../doctor/page/page.ts')
  const sameChain: NextStepView['sameChain'] = (command, region) => sameChainIn(command, options, region)
  const since = news && { ...news, path: options.changedSince ?? '' }
  const view = { now, accounts, version: VERSION, scope: options, since, caller, sameChain }
  const wanted = [
    [junit, () => diagnosisJunit(diagnoses, { strict: options.strict === true, accounts })],
    [report, () => diagnosisMarkdown(diagnoses, now, accounts)],
    [html, () => page?.doctorPage(diagnoses, view) ?? []],
  ] as const
  for (const [path, text] of wanted) {
    if (path === undefined) continue
    try {
      await context.files.write(path, inBlocks(text()))
    } catch (error) {
      return fileNotWritten(path, error)
    }
  }
  return undefined
}

function noRepair(): AppError {
  return usage(
    'progress-file',
    'a repair needs what is there now, and --resume keeps what was there',
    'leave one of --fix and --resume out',
  )
}

function ofAnotherAccount(path: string, account: string): AppError {
  return usage(
    'earlier-report',
    `"${path}" is a report of account ${account}, which this run did not look at`,
    'compare reports of one account, or run doctor with the credentials of that account',
  )
}

function onePlace(): AppError {
  return usage('progress-file', '--resume is for many places', 'add --accounts ROLE or --all-regions')
}

function nobodyToAsk(): AppError {
  return usage('no-terminal', 'repairs need approval, and there is no terminal for the prompt', 'pass --yes to approve')
}
