/** The commands that there are: what each is for, what it takes besides options, and how it is run. */

import type { Outline } from '../commands/completion/tree.ts'
import type { Report } from '../commands/report.ts'
import type { CommandContext } from '../context.ts'
import type { CommandName, OptionsOf } from '../options/command-options.ts'
import { TOPICS } from './topics.ts'

interface CommandRow<C extends CommandName> {
  readonly summary: string
  /** It pages or deletes: never the answer to a mistyped word. */
  readonly dangerous?: true
  /** Such as `<id>` or `<pattern> [files...]`. */
  readonly operands?: string
  /** Lines of `--help`: a command and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  /** Loads the command and runs it. */
  run(options: OptionsOf[C], context: CommandContext, operands: readonly string[]): Promise<Report>
}

/** The short form of CIS for console sign-ins without MFA: the pattern that people paste most. */
const NO_MFA = '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'

/** A command exists because it has a row here. */
export const COMMANDS: { readonly [C in CommandName]: CommandRow<C> } = {
  init: {
    summary: 'set up the chain from CloudTrail to PagerDuty; safe to run again',
    examples: [
      ['cloudtrail-pd init', 'ask what is needed, show the plan, apply it'],
      ['cloudtrail-pd init --sandbox', 'try it without any account'],
      ['cloudtrail-pd init --dry-run', 'show the plan, change nothing'],
      ['cloudtrail-pd init --test', 'and run a fire drill at the end'],
      ['cloudtrail-pd init --config cloudtrail-pd.yaml --yes', 'ask nothing: for scripts'],
      ['cloudtrail-pd init --detections cis-1.4 --exclude vpc-changes', 'choose what pages'],
    ],
    run: async (options, context) => (await import('../commands/init/run.ts')).init(options, context),
  },
  doctor: {
    summary: 'verify every chain in the account and region, however it was created',
    examples: [
      ['cloudtrail-pd doctor', 'show what works, what does not, and how to fix it'],
      ['cloudtrail-pd doctor --fix', 'show what can be repaired, and ask'],
      ['cloudtrail-pd doctor --all-regions --accounts Audit', 'the whole organization'],
      ['cloudtrail-pd doctor --json --strict', 'for scripts: exit 4 when something is wrong'],
    ],
    run: async (options, context) => (await import('../commands/doctor/run.ts')).doctor(options, context),
  },
  destroy: {
    summary: 'remove what init created, nothing else',
    dangerous: true,
    examples: [
      ['cloudtrail-pd destroy', 'show what would be deleted, and ask'],
      ['cloudtrail-pd destroy --dry-run', 'show what would be deleted, and delete nothing'],
      ['cloudtrail-pd destroy --delete-trail --yes', 'also delete the trail, if cloudtrail-pd created it'],
    ],
    run: async (options, context) => (await import('../commands/destroy/run.ts')).destroy(options, context),
  },
  test: {
    summary: 'run a fire drill: send a signal through the chain and follow it until the incident resolves',
    dangerous: true,
    examples: [
      ['cloudtrail-pd test', 'send a real event through the whole chain; shows who is paged and asks first'],
      ['cloudtrail-pd test --alarm NAME', 'start at this alarm'],
      ['cloudtrail-pd test --yes --json', 'for a schedule: exit 0 delivered, 5 sent, 1 failed'],
    ],
    run: async (options, context) => (await import('../commands/test/run.ts')).test(options, context),
  },
  events: {
    summary: "who did it: the log events behind the alarm's last ALARM",
    operands: '<alarm>',
    examples: [
      ['cloudtrail-pd events NAME', 'which events triggered the alarm'],
      ['cloudtrail-pd events NAME --since 2h', 'all events that its filter matched in the last two hours'],
      ['cloudtrail-pd events NAME --incident latest --note', 'writes who did it into the PagerDuty incident'],
    ],
    run: async (options, context, [alarm = '']) =>
      (await import('../commands/events/run.ts')).events(alarm, options, context),
  },
  export: {
    summary: 'the same setup as CloudFormation, Terraform, AWS CLI calls, or the IAM policy of a command',
    examples: [
      ['cloudtrail-pd export --format cloudformation > template.yaml', 'for a stack, or a stack set'],
      ['cloudtrail-pd export --format terraform --from-account > main.tf', 'with import blocks for what stands'],
      ['cloudtrail-pd export --format cli > setup.sh', 'the AWS CLI calls, to read or to run'],
      ['cloudtrail-pd export --format iam-policy --command doctor', 'only the permissions that doctor needs'],
    ],
    run: async (options, deps) => (await import('../commands/export/run.ts')).exportSetup(options, deps),
  },
  backtest: {
    summary: 'how often each detection would have paged, from past CloudTrail events',
    operands: '[files...]',
    examples: [
      ['cloudtrail-pd backtest --files AWSLogs', 'a local copy of the bucket: pages per week, and how to reduce them'],
      [
        'cloudtrail-pd backtest --log-group NAME --since 30d',
        'from a log group, as CloudWatch Logs reads the patterns',
      ],
      ['cloudtrail-pd backtest --lookup --since 1d --html report.html', 'from the event history, with an HTML report'],
      ['cloudtrail-pd backtest --engine athena --print', 'a query for an archive of terabytes'],
    ],
    run: async (options, deps, files) => (await import('../commands/backtest/run.ts')).backtest(options, files, deps),
  },
  'detections list': {
    summary: 'list the available detections',
    examples: [
      ['cloudtrail-pd detections list', 'id, severity, urgency, tier and title of each'],
      ['cloudtrail-pd detections list --csv > detections.csv', 'for a spreadsheet'],
    ],
    run: async (options) => (await import('../commands/detections/run.ts')).listDetections(options),
  },
  'detections show': {
    summary: 'one detection: what it matches, why it matters, which scanners accept it',
    operands: '<id>',
    examples: [['cloudtrail-pd detections show root-account-usage', 'the pattern that pages and the published ones']],
    run: async (_options, _deps, [id = '']) => (await import('../commands/detections/run.ts')).showDetection(id),
  },
  'pattern test': {
    summary: 'which events or log lines a filter pattern matches, as CloudWatch Logs would say',
    operands: '<pattern> [files...]',
    examples: [
      [
        `cloudtrail-pd pattern test '${NO_MFA}' events.json.gz`,
        'a CloudTrail file, a JSON array, or one event per line',
      ],
      ["cloudtrail-pd pattern test --lines '[ip, user, status >= 500]' access.log", 'test each line as plain text'],
      ["aws logs tail GROUP --format short | npx cloudtrail-pd pattern test -- '-DEBUG' -", 'standard input; -- first'],
    ],
    run: async (options, context, [pattern = '', ...files]) =>
      (await import('../commands/pattern/test.ts')).testPattern(pattern, files, options, context),
  },
  'pattern lint': {
    summary: 'find mistakes in a filter pattern, including those that CloudWatch Logs accepts',
    operands: '<pattern>',
    examples: [
      [`cloudtrail-pd pattern lint '${NO_MFA}'`, 'exit 4 when a finding fails, 0 otherwise'],
      ["cloudtrail-pd pattern lint --json -- '-DEBUG ERROR'", 'put a pattern that starts with - after --'],
    ],
    run: async (_options, _deps, [pattern = '']) => (await import('../commands/pattern/lint.ts')).lintPattern(pattern),
  },
  'pattern explain': {
    summary: 'explain a filter pattern, and why it matches an event or not',
    operands: '<pattern>',
    examples: [
      [`cloudtrail-pd pattern explain '${NO_MFA}'`, 'the CIS pattern for console sign-ins without MFA'],
      [`cloudtrail-pd pattern explain '${NO_MFA}' --event login.json`, 'why it pages for this event, or not'],
    ],
    run: async (options, context, [pattern = '']) =>
      (await import('../commands/pattern/explain.ts')).explainPattern(pattern, options, context),
  },
  completion: {
    summary: 'print a completion script for bash, zsh or fish',
    operands: '<shell>',
    examples: [
      [
        'cloudtrail-pd completion bash > ~/.local/share/bash-completion/completions/cloudtrail-pd',
        'bash with the bash-completion package; without it, source the file in ~/.bashrc',
      ],
      [
        'cloudtrail-pd completion zsh > ~/.zfunc/_cloudtrail-pd',
        'zsh, with fpath+=(~/.zfunc) before compinit in ~/.zshrc',
      ],
      ['cloudtrail-pd completion fish > ~/.config/fish/completions/cloudtrail-pd.fish', 'fish'],
    ],
    run: async (_options, _context, [shell = '']) =>
      (await import('../commands/completion/run.ts')).completion(shell, outline()),
  },
}

/** What the shells complete, and the manual page names. */
function outline(): Outline {
  const names = Object.keys(COMMANDS) as readonly CommandName[]
  const commands = names.map((name) => {
    const { summary, operands } = COMMANDS[name]
    return { name, summary, operands }
  })
  return { commands, groups: GROUPS, topics: TOPICS }
}

/** Commands that only group others. */
export const GROUPS: Readonly<Record<string, string>> = {
  detections: 'the catalogue of detections',
  pattern: 'the filter-pattern language of CloudWatch Logs, offline',
}

/** True for a command that pages or deletes: no suggestion names it. */
export function isDangerous(name: string): boolean {
  return Object.entries(COMMANDS).some(([command, { dangerous }]) => command === name && dangerous === true)
}

/** Runs a command. */
export function runCommand<C extends CommandName>(
  command: C,
  options: OptionsOf[C],
  context: CommandContext,
  operands: readonly string[],
): Promise<Report> {
  return COMMANDS[command].run(options, context, operands)
}

/** The name of the command that a command line begins with, as reports and error documents carry it. */
export function commandNameOf(argv: readonly string[]): string {
  const names = Object.keys(COMMANDS)
  const two = argv.slice(0, 2).join(' ')
  return (
    names.find((name) => name === two) ??
    names.find((name) => name === argv[0]) ??
    argv[0]?.match(/^[a-z]+$/)?.[0] ??
    'cloudtrail-pd'
  )
}
