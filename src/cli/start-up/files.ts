/** The way to `pattern` and to a `backtest` of files, which reach nothing beyond them: the package has a bundle of one file behind it. */

export { runLine } from '../run-command.ts'
