/** The way to `pattern`, which reaches nothing beyond files: the package has a bundle of one file behind it. */

export { runLine } from '../run-command.ts'
