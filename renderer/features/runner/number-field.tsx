import { useState } from 'react'
import { TextField } from '../../ui/text-field.tsx'
import { type ShapedProps, useFieldError, useForm } from './form-context.ts'

/** A number; what is typed stays as typed until it is another number. */
export function NumberField({ name, path, value, field, note }: ShapedProps) {
  const { set } = useForm()
  const error = useFieldError(path)
  const [draft, setDraft] = useState('')
  const isDraftOf = draft !== '' && (typeof value === 'number' ? Number(draft) === value : draft === value)
  const shown = isDraftOf ? draft : value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  function change(text: string): void {
    setDraft(text)
    const number = Number(text)
    // A text that is no number is kept as it is, so that the check can say what is wrong with it.
    set(path, text.trim() === '' ? undefined : Number.isFinite(number) ? number : text)
  }
  return (
    <TextField
      label={name}
      note={note}
      help={field.description}
      error={error}
      mono
      inputMode={field.shape.kind === 'number' && field.shape.isWhole ? 'numeric' : 'decimal'}
      placeholder={typeof field.fallback === 'number' ? String(field.fallback) : undefined}
      autoComplete="off"
      value={shown}
      onChange={change}
    />
  )
}
