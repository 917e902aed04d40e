import { type ComponentType, createContext, useContext } from 'react'
import { type Path, pathKey } from './arguments.ts'
import type { Field, JsonSchema } from './schema-field.ts'

export interface FieldViewProps {
  /** The name of the property, or a list's word for its item. */
  name: string
  schema: JsonSchema
  path: Path
  value: unknown
  isRequired: boolean
}

/** What every kind of field gets. */
export interface ShapedProps extends FieldViewProps {
  field: Field
  note: string
}

/** What every field of one form shares. */
export interface Form {
  root: JsonSchema
  /** Draws a value within a value; handed down, for fields hold fields. */
  View: ComponentType<FieldViewProps>
  /** Messages by `pathKey`. */
  errors: ReadonlyMap<string, string>
  set(path: Path, value: unknown): void
  /** A text that stands for no value yet (half a number, broken JSON); null when it does again. */
  setBroken(path: Path, message: string | null): void
}

export const FormContext = createContext<Form | null>(null)

export function useForm(): Form {
  const form = useContext(FormContext)
  if (!form) throw new Error('No FormContext above this field')
  return form
}

export function useFieldError(path: Path): string | null {
  return useForm().errors.get(pathKey(path)) ?? null
}
