// biome-ignore-all lint/suspicious/noControlCharactersInRegex: escape sequences and control characters are what is taken out

import Anser, { type AnserJsonEntry } from 'anser'
import { memo } from 'react'
import styles from './ansi-text.module.css'
import { classNames } from './class-names.ts'

const escapeCharacter = '\u001b'
// Cursor movement, titles, hyperlinks and the like: anser knows colours (CSI … m) only, the rest is taken out.
const otherSequences =
  /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\[[0-9;?]*[A-LN-Za-ln-z]|[PX^_][^\u001b]*\u001b\\|[^[\]PX^_])/g
const controlCharacters = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g

interface Piece {
  text: string
  color: string | undefined
  decorations: readonly string[]
}

/** The coloured pieces of a line that may hold terminal escapes; anything but colour and weight is dropped. */
export function ansiPieces(line: string): readonly Piece[] {
  const plain = line.replace(otherSequences, '').replace(controlCharacters, '')
  if (!plain.includes(escapeCharacter)) return [{ text: plain, color: undefined, decorations: [] }]
  return Anser.ansiToJson(plain, { use_classes: true, remove_empty: true }).map(pieceOf)
}

function pieceOf(entry: AnserJsonEntry): Piece {
  return {
    text: entry.content.replaceAll(escapeCharacter, ''),
    color: entry.fg?.replace(/^ansi-(bright-)?/, ''),
    decorations: entry.decorations,
  }
}

/** A log line with its terminal colours, as text nodes in spans: nothing in it can become markup. */
export const AnsiText = memo(function AnsiText({ text }: { text: string }) {
  const pieces = ansiPieces(text)
  if (pieces.length === 1 && pieces[0]!.color === undefined && pieces[0]!.decorations.length === 0)
    return pieces[0]!.text
  return pieces.map((piece, index) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of an immutable line have no other name
      key={index}
      className={classNames(
        piece.color && styles[piece.color],
        piece.decorations.includes('bold') && styles.bold,
        piece.decorations.includes('dim') && styles.dim,
        piece.decorations.includes('underline') && styles.underline,
        piece.decorations.includes('italic') && styles.italic,
      )}
    >
      {piece.text}
    </span>
  ))
})
