import ansi from '../../ui/ansi-text.module.css'
import { AnsiText, ansiPieces } from '../../ui/ansi-text.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './log-row.module.css'
import { cutAtSpans, matchSpans, visibleText } from './log-text.ts'

/** The text of a log line with its colours and, where `mark` occurs in it, the occurrences marked. Text nodes only. */
export function LineText({ text, mark }: { text: string; mark: string }) {
  const visible = visibleText(text)
  if (mark === '') return <AnsiText text={visible} />
  const pieces = ansiPieces(visible)
  const spans = matchSpans(pieces.map((piece) => piece.text).join(''), mark)
  if (spans.length === 0) return <AnsiText text={visible} />
  return cutAtSpans(pieces, spans).map((piece, index) => {
    const Tag = piece.isMatch ? 'mark' : 'span'
    const look = classNames(
      piece.isMatch && styles.mark,
      piece.color && ansi[piece.color],
      ...piece.decorations.map((decoration) => ansi[decoration]),
    )
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of an immutable line have no other name
      <Tag key={index} className={look || undefined}>
        {piece.text}
      </Tag>
    )
  })
}
