import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { parseCommandLine } from '../../src/cli/program.ts'
import type { CommandName } from '../../src/options/command-options.ts'
import { flagOf, OPTIONS, optionsOf } from '../../src/options/table.ts'
import { builtMetafile, ROOT } from './built.ts'

let built: Metafile

beforeAll(async () => {
  built = await builtMetafile()
}, 120_000)

describe('what the built package imports lazily', () => {
  it('is no CommonJS package, which would have nothing but a default export there', () => {
    const lazy = Object.entries(built.inputs).flatMap(([from, { imports }]) =>
      imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => ({ from, path })),
    )
    expect(lazy.length).toBeGreaterThan(20)
    expect(lazy.filter(({ path }) => built.inputs[path]?.format === 'cjs')).toEqual([])
  })

  it('is in the package, or part of Node', () => {
    const external = Object.values(built.outputs).flatMap(({ imports }) =>
      imports.filter(({ kind, external }) => external && kind === 'dynamic-import').map(({ path }) => path),
    )
    const missing = external.filter((path) => !/^node:/.test(path) && !existsSync(join(ROOT, 'dist', path)))
    expect(missing).toEqual([])
  })
})

/** What one file imports from another bundle, which has its own copy of every module. */
function borders(): readonly { readonly from: string; readonly to: string }[] {
  return Object.entries(built.outputs).flatMap(([from, { imports }]) => {
    const others = imports.filter(({ path, external }) => external && path.startsWith('./'))
    return [...new Set(others.map(({ path }) => basename(path)))].map((to) => ({ from: basename(from), to }))
  })
}

/** The modules in a built file and in all that it loads from its own bundle. */
function modulesOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return new Set()
  seen.add(file)
  const { inputs = {}, imports = [] } = built.outputs[file] ?? {}
  const own = imports.filter(({ external }) => !external).map(({ path }) => path)
  return new Set([...Object.keys(inputs), ...own.flatMap((path) => [...modulesOf(path, seen)])])
}

/** The classes that are declared in modules of ours. */
function classesIn(modules: ReadonlySet<string>): readonly string[] {
  const ours = [...modules].filter((module) => module.startsWith('src/'))
  return ours.flatMap((module) =>
    [...readFileSync(join(ROOT, module), 'utf8').matchAll(/^export class (\w+)/gm)].map(([, name = '']) => name),
  )
}

describe('the built package holds several copies of a class, and', () => {
  it('does so where one bundle loads another', () => {
    const [front, runner] = ['dist/main.js', 'dist/run-command.js'].map((file) => classesIn(modulesOf(file)))
    for (const name of ['AppError', 'Cancelled']) {
      expect(front).toContain(name)
      expect(runner).toContain(name)
    }
  })

  it('nothing that one bundle loads from another throws or takes one, but the way to run a command', () => {
    const shared = borders().filter(({ from, to }) => {
      const known = classesIn(modulesOf(`dist/${from}`))
      return classesIn(modulesOf(`dist/${to}`)).some((name) => known.includes(name))
    })
    expect(shared.map(({ from, to }) => `${from} loads ${to}`).sort()).toEqual([
      'main.js loads detections.js',
      'main.js loads files.js',
      'main.js loads run-command.js',
    ])
    for (const { to } of shared) expect(built.outputs[`dist/${to}`]?.exports).toEqual(['runLine'])
  })

  it.each(Object.keys(COMMANDS) as CommandName[])('what is handed to it for %s is plain data', (command) => {
    const options = optionsOf(command).flatMap((name) => {
      const { flag, placeholder } = { flag: flagOf(name), placeholder: OPTIONS[name].value.placeholder }
      return placeholder === undefined ? [flag] : [flag, 'text']
    })
    const call = parseCommandLine([...command.split(' '), ...options, ...operands(command)], '0.0.0')
    expect(call.kind).toBe('command')
    expect(JSON.parse(JSON.stringify(call))).toStrictEqual(call)
  })
})

function operands(command: CommandName): readonly string[] {
  return COMMANDS[command].operands === undefined ? [] : ['text']
}
