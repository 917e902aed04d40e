import { useEffect, useRef, useState } from 'react'
import { TextArea } from '../../ui/text-field.tsx'
import { type ShapedProps, useFieldError, useForm } from './form-context.ts'

/** A value that no form can ask for well, as JSON. */
export function JsonField({ name, path, value, isRequired, field, note }: ShapedProps) {
  const { set, setBroken } = useForm()
  const error = useFieldError(path)
  const [draft, setDraft] = useState<{ text: string; of: unknown } | null>(null)
  const written = value === undefined ? '' : JSON.stringify(value, null, 2)
  const text = draft && draft.of === value ? draft.text : written

  const leave = useRef(() => setBroken(path, null))
  useEffect(() => {
    leave.current = () => setBroken(path, null)
  })
  useEffect(() => () => leave.current(), [])

  function change(next: string): void {
    if (next.trim() === '') {
      setBroken(path, null)
      setDraft(null)
      set(path, undefined)
      return
    }
    try {
      const parsed: unknown = JSON.parse(next)
      setBroken(path, null)
      setDraft({ text: next, of: parsed })
      set(path, parsed)
    } catch {
      setBroken(path, 'Is not JSON yet')
      setDraft({ text: next, of: value })
    }
  }
  return (
    <TextArea
      label={name}
      note={note}
      help={field.description}
      error={error}
      mono
      rows={4}
      placeholder={isRequired ? '{ }' : 'not given'}
      value={text}
      onChange={change}
    />
  )
}
