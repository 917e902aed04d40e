import { Field } from '@base-ui/react/field'
import type { InputHTMLAttributes, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './text-field.module.css'

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'defaultValue'> {
  label: ReactNode
  /** A word beside the label: its type, `optional`. */
  note?: ReactNode
  help?: ReactNode
  /** What is wrong with the value; null when nothing is. */
  error?: string | null
  mono?: boolean
  value: string
  onChange: (value: string) => void
}

/** A labelled line of text. */
export function TextField({
  label,
  note,
  help,
  error = null,
  mono = false,
  value,
  onChange,
  className,
  ...rest
}: TextFieldProps) {
  return (
    <Field.Root invalid={error !== null} className={classNames(styles.field, className)}>
      <Field.Label className={styles.label}>
        {label}
        {note && <span className={styles.note}>{note}</span>}
      </Field.Label>
      <Field.Control
        {...rest}
        value={value}
        onValueChange={onChange}
        className={classNames(styles.input, mono && styles.mono)}
      />
      {error !== null && (
        <Field.Error match className={styles.error}>
          {error}
        </Field.Error>
      )}
      {help && <Field.Description className={styles.help}>{help}</Field.Description>}
    </Field.Root>
  )
}

interface TextAreaProps {
  label: string
  note?: ReactNode
  help?: ReactNode
  error?: string | null
  mono?: boolean
  rows?: number
  value: string
  placeholder?: string
  onChange: (value: string) => void
}

/** A labelled text of several lines. */
export function TextArea({
  label,
  note,
  help,
  error = null,
  mono = false,
  rows = 5,
  value,
  placeholder,
  onChange,
}: TextAreaProps) {
  return (
    <Field.Root invalid={error !== null} className={styles.field}>
      <Field.Label className={styles.label}>
        {label}
        {note && <span className={styles.note}>{note}</span>}
      </Field.Label>
      <Field.Control
        render={<textarea rows={rows} spellCheck={false} placeholder={placeholder} />}
        value={value}
        onValueChange={onChange}
        className={classNames(styles.input, styles.area, mono && styles.mono)}
      />
      {error !== null && (
        <Field.Error match className={styles.error}>
          {error}
        </Field.Error>
      )}
      {help && <Field.Description className={styles.help}>{help}</Field.Description>}
    </Field.Root>
  )
}
