/** Takes control characters out of text that came from elsewhere, and shows what nobody would see. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n\r]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above; the line feed stays.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/**
 * Characters that take no room (Unicode, Default_Ignorable_Code_Point): names that differ in them alone look alike, so they
 * are shown. The joiner and the selector of emoji stay behind a picture.
 */
export const INVISIBLE =
  /(?<!\p{Extended_Pictographic}\ufe0f?)[\u200d\ufe0f]|(?![\u200d\ufe0f])\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/gu

/** The text without any control character but the line feed; tabs become spaces, invisible characters are spelled out. */
export function clean(text: string): string {
  return text.replaceAll(SEQUENCES, '').replaceAll('\t', ' ').replaceAll(CONTROLS, '').replaceAll(INVISIBLE, shown)
}

/** `<U+200B>` for a character that nobody would see. */
function shown(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`
}

/** As `clean`, on one line. */
export function cleanLine(text: string): string {
  return clean(text.replaceAll(/\s*[\r\n]+\s*/g, ' '))
}
