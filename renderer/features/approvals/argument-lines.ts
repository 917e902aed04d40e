/** Characters that are not seen, or turn the text around. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * JSON as its client wrote it, over several lines. No value is read and written anew, so that the digits of a number stay;
 * what would not be seen, or would turn the text around, stands as its code.
 */
export function argumentLines(text: string): string {
  let lines = ''
  let depth = 0
  let isString = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!
    if (isString) {
      lines += char
      if (char === '\\') lines += text[++index] ?? ''
      else if (char === '"') isString = false
      continue
    }
    if (/\s/.test(char)) continue
    if (char === '"') isString = true
    if (char === '{' || char === '[') {
      const close = /^\s*[}\]]/.exec(text.slice(index + 1, index + 100))
      if (close) {
        lines += `${char}${close[0].trim()}`
        index += close[0].length
        continue
      }
      lines += `${char}${newLine(++depth)}`
    } else if (char === '}' || char === ']') lines += `${newLine(--depth)}${char}`
    else if (char === ',') lines += `,${newLine(depth)}`
    else if (char === ':') lines += ': '
    else lines += char
  }
  return lines.replace(unseen, (char) => (char === '\n' ? char : codesOf(char)))
}

/** As JSON escapes: two for what is beyond the first 65,536. */
function codesOf(char: string): string {
  return Array.from({ length: char.length }, (_, at) => char.charCodeAt(at))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('')
}

const newLine = (depth: number): string => `\n${'  '.repeat(Math.max(0, depth))}`
