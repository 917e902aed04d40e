import { lazy, Suspense } from 'react'
import styles from './code-editor.module.css'

/** Something wrong at a place of the text, in UTF-16 units. */
export interface CodeFinding {
  readonly from: number
  readonly to: number
  readonly severity: 'error' | 'warning'
  readonly message: string
}

export interface CodeEditorProps {
  label: string
  value: string
  /** JSON unless told. */
  language?: 'json' | 'yaml'
  /** All that is wrong with the text, its syntax included; without it JSON is looked at here. */
  findings?: readonly CodeFinding[] | undefined
  /** More findings than the syntax: return what is wrong with the parsed text, or null. */
  check?: ((value: unknown) => string | null) | undefined
  onChange: (value: string) => void
}

// The editor is a third of the page's code and seldom needed: it comes when it is first shown.
const JsonEditor = lazy(async () => ({ default: (await import('./json-editor.tsx')).JsonEditor }))

/** JSON or YAML to be edited, with colours, brackets and findings. It fills its parent. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<div className={styles.editor} />}>
      <JsonEditor {...props} />
    </Suspense>
  )
}
