import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ansiPieces } from './ansi-text.tsx'

const esc = '\u001b'

test('takes colour and weight from escapes, and leaves the text', () => {
  const pieces = ansiPieces(`org=${esc}[36macme${esc}[0m ${esc}[1;91mbad${esc}[0m`)
  expect(pieces.map(({ text, color, decorations }) => ({ text, color, decorations }))).toEqual([
    { text: 'org=', color: undefined, decorations: [] },
    { text: 'acme', color: 'cyan', decorations: [] },
    { text: ' ', color: undefined, decorations: [] },
    { text: 'bad', color: 'red', decorations: ['bold'] },
  ])
})

test.each([
  ['cursor movement', `a${esc}[2Jb${esc}[10;5Hc`],
  ['a window title', `a${esc}]0;evil\u0007bc`],
  ['a hyperlink', `a${esc}]8;;https://x.test${esc}\\b${esc}]8;;${esc}\\c`],
  ['control characters', 'a\u0000\u0008b\u007fc'],
])('drops %s', (_name, line) => {
  expect(
    ansiPieces(line)
      .map((piece) => piece.text)
      .join(''),
  ).toBe('abc')
})

test('no escape or control character is ever left, whatever a server writes', () => {
  const part = fc.oneof(fc.constantFrom(esc, '[', ']', '31m', ';', '\u0007', '\\', 'P', '\u009b'), fc.string())
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = ansiPieces(parts.join(''))
        .map((piece) => piece.text)
        .join('')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be gone
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }),
  )
})
