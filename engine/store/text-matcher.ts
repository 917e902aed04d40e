/**
 * Whether a text holds another, in any case. Only the letters A to Z fold for a needle in ASCII, as in SQLite's
 * `lower`; a needle with other letters folds them all. Pure, and equal to `containsText` in SQL.
 */
export function textMatcher(needle: string): (text: string) => boolean {
  if (!isAscii(needle)) {
    const folded = needle.toLowerCase()
    return (text) => text.toLowerCase().includes(folded)
  }
  // Without the `u` flag a pattern never takes a letter beyond ASCII for one within, such as the Kelvin sign for k.
  const pattern = new RegExp(needle.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i')
  return (text) => pattern.test(text)
}

export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}
