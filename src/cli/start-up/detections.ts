/** The way to `detections` and to `completion`, which knows their ids; they reach nothing at all: the package has a bundle of one file behind it. */

export { runLine } from '../run-command.ts'
