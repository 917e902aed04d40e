/**
 * Text from servers as a terminal may show it: line ends and tabs stay, every other control, escape or direction
 * character becomes visible and so does nothing.
 */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu, (character) => {
    if (character === '\n' || character === '\t') return character
    const code = character.codePointAt(0)!
    // The control pictures of Unicode: ESC is shown as ␛.
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    if (code === 0x7f) return '␡'
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** The same for what must stay on one line. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '␊').replaceAll('\t', '␉')
}
