import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Glyph, type GlyphName } from './glyph.tsx'
import { Kbd } from './kbd.tsx'
import styles from './search-field.module.css'

interface SearchFieldProps {
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
  glyph?: GlyphName
  /** In the reserved slot at the right: a count. */
  aside?: ReactNode
  className?: string | undefined
}

/** The search of a page: `/` focuses it, Escape empties it, then leaves it. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  glyph = 'search',
  aside,
  className,
}: SearchFieldProps) {
  return (
    <label className={classNames(styles.field, className)}>
      <Glyph name={glyph} tone="soft" />
      <input
        type="search"
        data-page-search=""
        aria-label={label}
        placeholder={placeholder}
        value={value}
        spellCheck={false}
        autoComplete="off"
        className={styles.input}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          if (value === '') event.currentTarget.blur()
          else onChange('')
          event.preventDefault()
        }}
      />
      {aside && <span className={styles.aside}>{aside}</span>}
      <Kbd keys="/" />
    </label>
  )
}

/** Moves the focus to the search of the page that is shown; false when it has none. */
export function focusPageSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]')
  field?.focus()
  field?.select()
  return field !== null
}
