import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { Glyph, type GlyphName } from './glyph.tsx'
import { Kbd } from './kbd.tsx'
import styles from './menu.module.css'

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<Record<string, unknown>>
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
  children: ReactNode
}

/** A menu at a button. Fill it with MenuItem, MenuRadio and MenuSeparator. */
export function Menu({ trigger, side = 'bottom', align = 'end', children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={4} className={styles.positioner}>
          <Base.Popup className={styles.popup}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps {
  glyph?: GlyphName
  keys?: string
  tone?: 'plain' | 'danger'
  disabled?: boolean
  onSelect: () => void
  children: ReactNode
}

/** One thing to do. */
export function MenuItem({ glyph, keys, tone = 'plain', disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item onClick={onSelect} disabled={disabled} className={styles.item} data-tone={tone}>
      <span className={styles.mark}>{glyph && <Glyph name={glyph} />}</span>
      <span>{children}</span>
      {keys && <Kbd keys={keys} />}
    </Base.Item>
  )
}

export function MenuSeparator() {
  return <Base.Separator className={styles.separator} />
}

interface MenuRadioProps<T extends string> {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

/** A named choice within a menu; the menu stays open. */
export function MenuRadio<T extends string>({ label, value, options, onChange }: MenuRadioProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className={styles.caption}>{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} closeOnClick={false} className={styles.item}>
            <span className={styles.mark}>
              <Base.RadioItemIndicator>
                <Glyph name="check" />
              </Base.RadioItemIndicator>
            </span>
            <span>{option.label}</span>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}
