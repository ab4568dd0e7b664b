/** The way to `detections`, which reach nothing at all: the package has a bundle of one file behind it. */

export { runLine } from '../run-command.ts'
