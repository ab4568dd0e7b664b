/** Whether two runs of the tool said the same. */

/**
 * The words, without what differs from run to run: times, the id of a drill, where a text is cut, where a line is broken
 * beside a longer or shorter time, what is under way, and the order in which lanes beside each other end.
 */
export function steady(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => !line.startsWith('  .. '))
    .join(' ')
    .replaceAll(/(?:\d+ min )?\d+(?:\.\d)? s\b|\b\d+:\d\d\b/g, '')
    .replaceAll(/(drill(?: id |\/))\w{4}/g, '$1ID')
    .replaceAll(/\S*…\S*/g, '…')
    .split(/\s+/)
    .toSorted()
}
