import { Checkbox as Base } from '@base-ui/react/checkbox'
import styles from './checkbox.module.css'
import { Glyph } from './glyph.tsx'

interface CheckboxProps {
  checked: boolean
  /** Some of what it stands for is ticked. */
  half?: boolean
  disabled?: boolean
  /** Its name, where no visible label names it. */
  label?: string
  labelledBy?: string
  onChange: (checked: boolean) => void
}

/** A tick box of 14 px; put it in a `<label>` or give it a name. */
export function Checkbox({ checked, half = false, disabled = false, label, labelledBy, onChange }: CheckboxProps) {
  return (
    <Base.Root
      checked={checked}
      indeterminate={half}
      disabled={disabled}
      aria-label={label}
      aria-labelledby={labelledBy}
      onCheckedChange={onChange}
      className={styles.box}
    >
      <Base.Indicator className={styles.mark}>
        {half ? <span className={styles.dash} /> : <Glyph name="check" size={12} />}
      </Base.Indicator>
    </Base.Root>
  )
}
