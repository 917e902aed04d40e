import { Select as Base } from '@base-ui/react/select'
import { Glyph } from './glyph.tsx'
import styles from './select.module.css'

interface SelectProps<T extends string> {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

/** One choice of many, in a list that opens. */
export function Select<T extends string>({ label, value, options, onChange }: SelectProps<T>) {
  return (
    <Base.Root value={value} items={options} onValueChange={(next) => next !== null && onChange(next as T)}>
      <Base.Trigger aria-label={label} className={styles.trigger}>
        <Base.Value className={styles.value} />
        <Glyph name="chevron-down" tone="soft" size={14} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className={styles.positioner}>
          <Base.Popup className={styles.popup}>
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className={styles.item}>
                  <Base.ItemIndicator className={styles.tick}>
                    <Glyph name="check" size={14} />
                  </Base.ItemIndicator>
                  <Base.ItemText className={styles.text}>{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
