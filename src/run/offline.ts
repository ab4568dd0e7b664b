/** The way to a command that reaches nothing beyond files: the package has a bundle of one file behind it. */

export { runLine } from './line.ts'
