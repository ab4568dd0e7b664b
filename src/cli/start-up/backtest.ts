/** The way to a `backtest` of files, which reaches nothing beyond them: the package has a bundle of one file behind it. */

export { runLine } from '../run-command.ts'
