import { useMemo, useState } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import { CopyButton } from './copy-button.tsx'
import { countOf, formatBytes } from './format.ts'
import { Glyph } from './glyph.tsx'
import styles from './json-view.module.css'
import { Segments } from './segments.tsx'
import well from './well.module.css'

interface JsonViewProps {
  label: string
  value: unknown
  /** Levels open at first; 2 unless told. */
  openDepth?: number
}

const rawLimit = 200_000
const pageSize = 100

/** Any JSON value as a tree that opens and closes, or raw; with its size, and to be copied. */
export function JsonView({ label, value, openDepth = 2 }: JsonViewProps) {
  const [mode, setMode] = useState<'tree' | 'raw'>('tree')
  const [text, bytes] = useMemo(() => [JSON.stringify(value, null, 2) ?? 'undefined', bytesOf(value)], [value])
  return (
    <section aria-label={label} className={styles.view}>
      <div className={styles.bar}>
        <h3 className={styles.title}>{label}</h3>
        <span className={styles.size}>{formatBytes(bytes)}</span>
        <Segments label={`${label}: how it is shown`} value={mode} segments={modes} onChange={setMode} />
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
      {mode === 'tree' ? (
        <div className={classNames(well.well, styles.well)}>
          <Node name={null} value={value} depth={0} openDepth={openDepth} isLast />
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className={classNames(well.well, styles.well, styles.raw)} tabIndex={0}>
          {text.length > rawLimit
            ? `${text.slice(0, rawLimit)}\n… ${formatBytes(text.length - rawLimit)} more: copy it to see the rest`
            : text}
        </pre>
      )}
    </section>
  )
}

/** Without the white space that is only for reading. */
function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}

const modes = [
  { value: 'tree', label: 'Tree' },
  { value: 'raw', label: 'Raw' },
] as const

interface NodeProps {
  name: string | null
  value: unknown
  depth: number
  openDepth: number
  isLast: boolean
}

function Node({ name, value, depth, openDepth, isLast }: NodeProps) {
  const indent = { paddingLeft: `${depth * 16 + 16}px` }
  if (typeof value === 'object' && value !== null) return <Branch {...{ name, value, depth, openDepth, isLast }} />
  return (
    <div className={styles.line} style={indent}>
      <Key name={name} />
      <Scalar value={value} />
      {!isLast && <span className={styles.punctuation}>,</span>}
    </div>
  )
}

function Branch({ name, value, depth, openDepth, isLast }: NodeProps & { value: object }) {
  const [isOpen, setOpen] = useState(depth < openDepth)
  const [shown, setShown] = useState(pageSize)
  const isArray = Array.isArray(value)
  const entries = Object.entries(value)
  const [left, right] = isArray ? '[]' : '{}'
  const comma = isLast ? '' : ','
  if (entries.length === 0) {
    return (
      <div className={styles.line} style={{ paddingLeft: `${depth * 16 + 16}px` }}>
        <Key name={name} />
        <span className={styles.punctuation}>{`${left}${right}${comma}`}</span>
      </div>
    )
  }
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        className={classNames(styles.line, styles.toggle)}
        style={{ paddingLeft: `${depth * 16}px` }}
        onClick={() => setOpen(!isOpen)}
      >
        <Glyph name={isOpen ? 'chevron-down' : 'chevron'} size={12} tone="quiet" className={styles.chevron} />
        <Key name={name} />
        <span className={styles.punctuation}>{left}</span>
        {!isOpen && (
          <>
            <span className={styles.count}>{countOf(entries.length, isArray ? 'item' : 'key')}</span>
            <span className={styles.punctuation}>{`${right}${comma}`}</span>
          </>
        )}
      </button>
      {isOpen && (
        <>
          {entries.slice(0, shown).map(([key, child], index) => (
            <Node
              key={key}
              name={isArray ? null : key}
              value={child}
              depth={depth + 1}
              openDepth={openDepth}
              isLast={index === entries.length - 1}
            />
          ))}
          {entries.length > shown && (
            <Button variant="quiet" size="small" onClick={() => setShown(shown + pageSize * 10)}>
              {entries.length - shown} more
            </Button>
          )}
          <div className={styles.line} style={{ paddingLeft: `${depth * 16 + 16}px` }}>
            <span className={styles.punctuation}>{`${right}${comma}`}</span>
          </div>
        </>
      )}
    </>
  )
}

function Key({ name }: { name: string | null }) {
  if (name === null) return null
  return (
    <>
      <span className={styles.key}>{JSON.stringify(name)}</span>
      <span className={styles.punctuation}>: </span>
    </>
  )
}

function Scalar({ value }: { value: unknown }) {
  if (typeof value === 'string') return <span className={styles.string}>{JSON.stringify(value)}</span>
  if (typeof value === 'number') return <span className={styles.number}>{String(value)}</span>
  return <span className={styles.keyword}>{String(value)}</span>
}
