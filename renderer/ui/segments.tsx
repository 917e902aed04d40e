import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { formatCount } from './format.ts'
import styles from './segments.module.css'

interface Segment<T extends string> {
  value: T
  label: string
  count?: number
}

interface SegmentsProps<T extends string> {
  label: string
  value: T
  segments: readonly Segment<T>[]
  onChange: (value: T) => void
}

/** One choice of a few, side by side. */
export function Segments<T extends string>({ label, value, segments, onChange }: SegmentsProps<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={styles.group}
      value={[value]}
      onValueChange={([next]) => {
        if (next !== undefined) onChange(next as T)
      }}
    >
      {segments.map((segment) => (
        <Toggle key={segment.value} value={segment.value} className={styles.segment}>
          {segment.label}
          {segment.count !== undefined && <span className={styles.count}>{formatCount(segment.count)}</span>}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
