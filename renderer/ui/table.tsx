// biome-ignore-all lint/a11y/useSemanticElements: a register is a CSS grid with subgrid rows, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take the focus, cells and headers do not
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react'
import { classNames } from './class-names.ts'
import styles from './table.module.css'

interface TableProps {
  label: string
  /**
   * The columns, as one `grid-template-columns`: fixed, so that streaming text never resizes one. Leave it out where a
   * class says it, by the width of the page.
   */
  columns?: string
  className?: string | undefined
  children: ReactNode
}

/**
 * A register: one CSS grid whose rows are subgrids. Up, Down, Home, End, PageUp and PageDown move between rows, Enter
 * opens one, Space selects one. Fill it with TableHead and TableRow of Cell.
 */
export function Table({ label, columns, className, children }: TableProps) {
  const grid = useRef<HTMLDivElement>(null)

  // One row takes part in the Tab order: the last one focused, or the first.
  useLayoutEffect(() => {
    const rows = rowsOf(grid.current)
    if (!rows.some((row) => row.tabIndex === 0) && rows[0]) rows[0].tabIndex = 0
  })

  function move(event: KeyboardEvent<HTMLDivElement>): void {
    const row = event.target
    if (!(row instanceof HTMLElement) || row.dataset.row === undefined) return
    const rows = rowsOf(grid.current)
    const next = rows[nextIndex(event.key, rows.indexOf(row), rows.length)]
    if (!next) return
    event.preventDefault()
    focusRow(rows, next)
  }

  return (
    <div
      ref={grid}
      role="grid"
      aria-label={label}
      className={classNames(styles.table, className)}
      style={{ gridTemplateColumns: columns }}
      onKeyDown={move}
      onFocus={(event) => {
        const row = event.target.closest<HTMLElement>('[data-row]')
        if (row) markRow(rowsOf(grid.current), row)
      }}
    >
      {children}
    </div>
  )
}

function rowsOf(grid: HTMLElement | null): HTMLElement[] {
  return Array.from(grid?.querySelectorAll<HTMLElement>('[data-row]') ?? [])
}

function markRow(rows: readonly HTMLElement[], current: HTMLElement): void {
  for (const row of rows) row.tabIndex = row === current ? 0 : -1
}

function focusRow(rows: readonly HTMLElement[], row: HTMLElement): void {
  markRow(rows, row)
  row.focus()
  row.scrollIntoView({ block: 'nearest' })
}

function nextIndex(key: string, index: number, count: number): number {
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, count - 1)
    case 'ArrowUp':
      return Math.max(index - 1, 0)
    case 'PageDown':
      return Math.min(index + 10, count - 1)
    case 'PageUp':
      return Math.max(index - 10, 0)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return -1
  }
}

/** A line of column headers; `group` is the line above that names groups of columns. */
export function TableHead({ group = false, children }: { group?: boolean; children: ReactNode }) {
  return (
    <div role="row" className={group ? styles.group : styles.head}>
      {children}
    </div>
  )
}

interface TableRowProps {
  selected?: boolean
  /** A click anywhere in it, or Enter. */
  onOpen?: (() => void) | undefined
  /** Space; opens when not given. */
  onSelect?: (() => void) | undefined
  className?: string | undefined
  children: ReactNode
}

/** One row of a table. */
export function TableRow({ selected = false, onOpen, onSelect = onOpen, className, children }: TableRowProps) {
  return (
    <div
      role="row"
      data-row=""
      tabIndex={-1}
      aria-selected={selected}
      className={classNames(styles.row, className)}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return
        if (event.key === 'Enter') onOpen?.()
        else if (event.key === ' ') onSelect?.()
        else return
        event.preventDefault()
      }}
    >
      {children}
    </div>
  )
}

interface CellProps {
  /** Numbers stand right, names left. */
  align?: 'left' | 'right'
  /** The register's double rule at its left: a new group of columns. */
  rule?: boolean
  /** How many columns it covers. */
  span?: number
  className?: string | undefined
  children?: ReactNode
}

/** One cell of a row. */
export function Cell({ align = 'left', rule = false, span, className, children }: CellProps) {
  return (
    <div role="gridcell" aria-colspan={span} style={spanStyle(span)} className={cellClasses(align, rule, className)}>
      {children}
    </div>
  )
}

/** One header cell. */
export function HeadCell({ align = 'left', rule = false, span, className, children }: CellProps) {
  return (
    <div
      role="columnheader"
      aria-colspan={span}
      style={spanStyle(span)}
      className={cellClasses(align, rule, className)}
    >
      {children}
    </div>
  )
}

function cellClasses(align: 'left' | 'right', rule: boolean, className: string | undefined): string {
  return classNames(styles.cell, align === 'right' && styles.right, rule && styles.rule, className)
}

function spanStyle(span: number | undefined): { gridColumn: string } | undefined {
  return span === undefined ? undefined : { gridColumn: `span ${span}` }
}

/** What opens under a row, over all columns. */
export function TableDetail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="row" aria-label={label} className={styles.detail}>
      <div role="gridcell" className={styles.detailCell}>
        {children}
      </div>
    </div>
  )
}
