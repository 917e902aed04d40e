import { type ReactNode, useRef } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { queryTokens } from './query.ts'
import styles from './query-bar.module.css'

interface QueryBarProps {
  value: string
  onChange(value: string): void
  /** In the reserved slot at the right: how many lines there are. */
  aside: ReactNode
}

/** The query, coloured as it is understood: a key that is not known stays plain. `/` focuses it. */
export function QueryBar({ value, onChange, aside }: QueryBarProps) {
  const colours = useRef<HTMLDivElement>(null)
  let at = 0
  return (
    <label className={styles.bar}>
      <Glyph name="search" tone="soft" />
      <span className={styles.field}>
        <span className={styles.colours} aria-hidden="true">
          <span ref={colours}>
            {queryTokens(value).map((token) => {
              const key = at
              at += token.raw.length
              return (
                <span key={key} className={styles[token.kind]}>
                  {token.raw}
                </span>
              )
            })}
          </span>
        </span>
        <input
          type="text"
          data-page-search=""
          aria-label="Query: server, level, stream, since, until, text"
          placeholder="Find in the log, or level:error server:NAME since:10m"
          spellCheck={false}
          autoComplete="off"
          className={classNames(styles.input, value === '' && styles.empty)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => {
            colours.current!.style.transform = `translateX(${-event.currentTarget.scrollLeft}px)`
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            if (value === '') event.currentTarget.blur()
            else onChange('')
            event.preventDefault()
          }}
        />
      </span>
      <span className={styles.aside}>{aside}</span>
      {value !== '' && <IconButton glyph="x" size="small" label="Clear the query" onClick={() => onChange('')} />}
    </label>
  )
}
