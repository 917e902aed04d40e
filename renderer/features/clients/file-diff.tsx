import { Fragment } from 'react'
import type { Hunk } from '../../../shared/connect-contract.ts'
import { diffLines } from './diff-lines.ts'
import styles from './file-diff.module.css'

const signs = { same: ' ', removed: '−', added: '+' } as const

/** What changes in a file, with the lines around it; within a line that changed, the words. */
export function FileDiff({ hunks }: { hunks: readonly Hunk[] }) {
  return (
    <section className={styles.diff} aria-label="What changes in the file">
      {hunks.map((hunk, at) => (
        <Fragment key={`${hunk.before_start} ${hunk.after_start}`}>
          {at > 0 && <div className={styles.gap}>…</div>}
          {diffLines(hunk).map(({ kind, number, parts }) => (
            <div key={`${kind} ${number}`} className={styles.line} data-kind={kind}>
              <span className={styles.number}>{number}</span>
              <span className={styles.sign}>{signs[kind]}</span>
              <span className={styles.text}>
                {parts.map(({ kind: part, text }, index) => {
                  if (part === 'same') return text
                  const Tag = part === 'gone' ? 'del' : 'ins'
                  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one line never move
                  return <Tag key={index}>{text}</Tag>
                })}
              </span>
            </div>
          ))}
        </Fragment>
      ))}
    </section>
  )
}
