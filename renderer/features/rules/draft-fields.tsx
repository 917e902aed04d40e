import { useState } from 'react'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import type { Path } from './at-path.ts'
import styles from './rule-form.module.css'
import { useDraftAt } from './use-rule-draft.ts'

interface FieldProps {
  path: Path
  label: string
  note?: string
  help?: string
  placeholder?: string
}

interface TextProps extends FieldProps {
  mono?: boolean
  /** What stands for an empty field; an empty text unless told. */
  empty?: null | ''
}

/** A line of text of the rule. */
export function TextAt({ path, empty = '', ...rest }: TextProps) {
  const { draft, value, problem } = useDraftAt(path)
  return (
    <TextField
      {...rest}
      value={typeof value === 'string' ? value : ''}
      error={problem}
      onChange={(text) => draft.set(path, text === '' ? empty : text)}
    />
  )
}

/** Several lines of text. */
export function AreaAt({ path, rows, mono, ...rest }: FieldProps & { rows: number; mono?: boolean }) {
  const { draft, value, problem } = useDraftAt(path)
  return (
    <TextArea
      {...rest}
      rows={rows}
      mono={mono ?? false}
      value={typeof value === 'string' ? value : ''}
      error={problem}
      onChange={(text) => draft.set(path, text)}
    />
  )
}

/** A number; what is none stays as it was typed and is told by the schema. */
export function NumberAt({ path, empty, ...rest }: FieldProps & { empty?: null }) {
  const { draft, value, problem } = useDraftAt(path)
  return (
    <TextField
      {...rest}
      inputMode="numeric"
      value={value === null || value === undefined ? '' : String(value)}
      error={problem}
      onChange={(text) =>
        draft.set(path, text.trim() === '' ? empty : Number.isNaN(Number(text)) ? text : Number(text))
      }
    />
  )
}

interface ChoiceProps<T extends string> {
  path: Path
  label: string
  options: readonly { value: T; label: string }[]
  /** What else changes with it. */
  onChoose?: (value: T) => void
}

/** One choice of a list; what stands there and is none of them is offered, too. */
export function ChoiceAt<T extends string>({ path, label, options, onChoose }: ChoiceProps<T>) {
  const { draft, value, problem } = useDraftAt(path)
  const chosen = typeof value === 'string' ? value : ''
  const known: { value: string; label: string }[] = [...options]
  if (!options.some((option) => option.value === chosen)) known.unshift({ value: chosen, label: chosen || 'Choose' })
  return (
    <div className={styles.choice}>
      <span className={styles.label}>{label}</span>
      <Select
        label={label}
        value={chosen}
        options={known}
        onChange={(next) => (onChoose ? onChoose(next as T) : draft.set(path, next))}
      />
      {problem !== null && <span className={styles.problem}>{problem}</span>}
    </div>
  )
}

interface TicksProps<T extends string> {
  path: Path
  label: string
  options: readonly { value: T; label: string }[]
}

/** Several choices of a list. */
export function TicksAt<T extends string>({ path, label, options }: TicksProps<T>) {
  const { draft, value, problem } = useDraftAt(path)
  const ticked = new Set(Array.isArray(value) ? (value as string[]) : [])
  return (
    <fieldset className={styles.ticks}>
      <legend className={styles.label}>{label}</legend>
      <div className={styles.tickList}>
        {options.map((option) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the tick stands inside
          <label key={option.value} className={styles.tick}>
            <Checkbox
              checked={ticked.has(option.value)}
              onChange={(isOn) =>
                draft.set(
                  path,
                  options.map((one) => one.value).filter((one) => (one === option.value ? isOn : ticked.has(one))),
                )
              }
            />
            {option.label}
          </label>
        ))}
      </div>
      {problem !== null && <span className={styles.problem}>{problem}</span>}
    </fieldset>
  )
}

interface LinesProps extends FieldProps {
  /** What no line at all stands for. */
  empty: null | readonly string[]
}

/** A list of texts, one a line. */
export function LinesAt({ path, empty, ...rest }: LinesProps) {
  const { draft, value, problem } = useDraftAt(path)
  const stored = Array.isArray(value) ? value.join('\n') : ''
  // A line that was begun and is still empty is no part of the list.
  const [typed, setTyped] = useState(stored)
  const lines = (text: string): string[] =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  const shown = lines(typed).join('\n') === stored ? typed : stored
  return (
    <TextArea
      {...rest}
      mono
      rows={Math.max(2, shown.split('\n').length)}
      value={shown}
      error={problem}
      onChange={(text) => {
        setTyped(text)
        const list = lines(text)
        draft.set(path, list.length === 0 ? empty : list)
      }}
    />
  )
}

/** Any JSON value as text, with what is wrong in it and below it. */
export function JsonAt({ path, rows = 5, ...rest }: FieldProps & { rows?: number }) {
  const { draft, value, problem } = useDraftAt(path)
  const stored = value === undefined ? '' : JSON.stringify(value, null, 2)
  const [typed, setTyped] = useState<string | null>(null)
  const isOwn = typed !== null && meaning(typed) === meaning(stored)
  const broken = typed === null || isOwn ? null : jsonProblem(typed)
  const shown = typed !== null && (isOwn || broken !== null) ? typed : stored
  const prefix = `/${path.join('/')}/`
  const below = draft.problems.find((one) => one.path.startsWith(prefix))
  const belowText = below && `${below.path.slice(prefix.length)}: ${below.message}`
  return (
    <TextArea
      {...rest}
      mono
      rows={Math.min(14, Math.max(rows, shown.split('\n').length))}
      value={shown}
      error={broken ?? problem ?? belowText ?? null}
      onChange={(text) => {
        setTyped(text)
        if (jsonProblem(text) === null) draft.set(path, JSON.parse(text))
      }}
    />
  )
}

function meaning(text: string): string {
  return jsonProblem(text) === null ? JSON.stringify(JSON.parse(text)) : text
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return `This is no JSON yet: ${error instanceof Error ? error.message : String(error)}`
  }
}
