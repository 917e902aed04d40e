import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  StreamLanguage,
  syntaxHighlighting,
} from '@codemirror/language'
import { type Diagnostic, linter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import styles from './code-editor.module.css'
import type { CodeEditorProps } from './code-editor.tsx'

/**
 * JSON with colours, brackets and findings. It lives in a shadow root: there CodeMirror adopts its style sheets through
 * CSSOM, which a strict Content-Security-Policy allows; in the document it would insert style elements.
 */
export function JsonEditor({ label, value, language = 'json', findings: given, check, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ value, check, onChange })
  const isGiven = given !== undefined

  useEffect(() => {
    latest.current = { value, check, onChange }
  })

  useEffect(() => {
    const element = host.current!
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          lineNumbers(),
          history(),
          indentOnInput(),
          bracketMatching(),
          language === 'json' ? json() : yaml,
          syntaxHighlighting(highlight),
          isGiven ? [] : linter((current) => findings(current, latest.current.check), { delay: 200 }),
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
          theme,
        ],
      }),
    })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [label, language, isGiven])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const editor = view.current
    if (!editor || given === undefined) return
    const end = editor.state.doc.length
    const shown = given.map(({ from, to, ...finding }) => ({
      ...finding,
      from: Math.min(from, end),
      to: Math.min(to, end),
    }))
    editor.dispatch(setDiagnostics(editor.state, shown))
  }, [given])

  return <div ref={host} className={styles.editor} />
}

const parse = jsonParseLinter()

function findings(view: EditorView, check: CodeEditorProps['check']): readonly Diagnostic[] {
  const broken = parse(view)
  if (broken.length > 0 || !check) return broken
  const message = check(JSON.parse(view.state.doc.toString()))
  return message === null ? [] : [{ from: 0, to: view.state.doc.length, severity: 'error', message }]
}

/** Enough of YAML to be read: keys, texts, numbers, words with a meaning, comments. */
const yaml = StreamLanguage.define<null>({
  startState: () => null,
  token: (stream) => {
    if (stream.eatSpace()) return null
    if (stream.match(/^#.*/)) return 'comment'
    if (stream.match(/^"(?:[^"\\]|\\.)*"(?=\s*:(?:\s|$))|^'[^']*'(?=\s*:(?:\s|$))|^[\w.$-]+(?=\s*:(?:\s|$))/))
      return 'propertyName'
    if (stream.match(/^"(?:[^"\\]|\\.)*"|^'[^']*'/)) return 'string'
    if (stream.match(/^-?\d+(?:\.\d+)?(?=\s|$|,|\])/)) return 'number'
    if (stream.match(/^(?:true|false|null|~)(?=\s|$|,|\])/)) return 'bool'
    if (stream.match(/^[-:,[\]{}|>?]/)) return 'punctuation'
    stream.match(/^[^\s#]+/) || stream.next()
    return 'string'
  },
})

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--syntax-key)' },
  { tag: tags.string, color: 'var(--syntax-string)' },
  { tag: tags.number, color: 'var(--syntax-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--syntax-keyword)' },
  { tag: tags.comment, color: 'var(--ink-3)' },
  { tag: tags.punctuation, color: 'var(--syntax-punctuation)' },
])

const theme = EditorView.theme({
  '&': {
    color: 'var(--ink-1)',
    backgroundColor: 'var(--surface-sunken)',
    fontSize: 'var(--text-mono)',
    height: '100%',
  },
  '&.cm-focused': { outline: '2px solid var(--focus-ring)', outlineOffset: '-1px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px', fontVariantLigatures: 'none' },
  '.cm-content': { caretColor: 'var(--ink-1)', padding: '4px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink-1)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-3)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 12px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--text-selection) !important',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--selection) !important', outline: '1px solid var(--accent-line)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--state-failed) 1px',
    textUnderlineOffset: '4px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--state-degraded) 1px',
    textUnderlineOffset: '4px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-3)',
    border: '0',
    borderRadius: 'var(--radius-3)',
    boxShadow: 'var(--shadow-2)',
    font: '12px/16px var(--font-ui)',
  },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--state-failed)', padding: '4px 8px' },
})
