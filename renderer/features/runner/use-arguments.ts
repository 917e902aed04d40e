import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Tool } from '../../../shared/server.ts'
import { type ArgumentCheck, ArgumentChecker } from './argument-checker.ts'
import { type Path, pathKey, readArguments, withValue } from './arguments.ts'
import { type JsonSchema, startValue } from './schema-field.ts'

type Arguments = Record<string, unknown>

/** The arguments of one tool while they are put together, as values and as JSON text at once. */
export interface Draft {
  schema: JsonSchema
  parameters: Arguments
  /** The JSON text; may be half typed. */
  text: string
  isTextBroken: boolean
  errors: ReadonlyMap<string, string>
  /** Its schema takes too long to check here: the engine does it when the tool is run. */
  isUnchecked: boolean
  /** Why it cannot be run as it stands; null when it can. What the server may refuse is no reason. */
  obstacle: string | null
  set(path: Path, value: unknown): void
  setText(text: string): void
  setBroken(path: Path, message: string | null): void
  replace(parameters: Arguments): void
  /** From now on also says what is missing. */
  reveal(): void
}

/** Drafts outlive the page that shows them, within this window. */
const kept = new Map<string, Arguments>()

const anything: JsonSchema = {}

const checker = new ArgumentChecker(
  () => new Worker(new URL('./argument-worker.ts', import.meta.url), { type: 'module' }),
)

/** `key` names the tool; `first` are the arguments to begin with, when they come from an earlier call. */
export function useArguments(key: string, tool: Tool, first: Arguments | null): Draft {
  const schema = (tool.inputSchema ?? anything) as JsonSchema
  const [state, setState] = useState(() => made(first ?? kept.get(key) ?? begin(schema)))
  const [broken, setBrokenMap] = useState<ReadonlyMap<string, string>>(new Map())
  const [isRevealed, setRevealed] = useState(false)

  const put = useCallback(
    (change: (before: Arguments) => Arguments): void =>
      setState((before) => {
        const next = made(change(before.parameters))
        kept.set(key, next.parameters)
        return next
      }),
    [key],
  )
  const set = useCallback(
    (path: Path, value: unknown) => put((before) => withValue(before, path, value) as Arguments),
    [put],
  )
  const setBroken = useCallback(
    (path: Path, message: string | null): void =>
      setBrokenMap((before) => {
        const place = pathKey(path)
        if ((before.get(place) ?? null) === message) return before
        const after = new Map(before)
        if (message === null) after.delete(place)
        else after.set(place, message)
        return after
      }),
    [],
  )
  const setText = useCallback(
    (text: string): void => {
      const parameters = readArguments(text)
      if (parameters) kept.set(key, parameters)
      setState((before) => ({ text, parameters: parameters ?? before.parameters, isTextBroken: parameters === null }))
    },
    [key],
  )

  const [check, setCheck] = useState<ArgumentCheck>({ kind: 'checked', errors: [] })
  useEffect(() => {
    if (typeof schema !== 'object') return
    let isLatest = true
    void checker.check(schema, state.parameters).then((found) => {
      if (found !== null && isLatest) setCheck(found)
    })
    return () => {
      isLatest = false
    }
  }, [schema, state.parameters])

  const errors = useMemo(() => {
    const found = new Map<string, string>()
    for (const { path, keyword, message } of check.kind === 'checked' ? check.errors : []) {
      if (keyword === 'required' && !isRevealed) continue
      const place = pathKey(path)
      if (!found.has(place)) found.set(place, `${message}; the server will refuse it.`)
    }
    for (const [place, message] of broken) found.set(place, message)
    return found
  }, [check, isRevealed, broken])

  return {
    schema,
    ...state,
    errors,
    isUnchecked: check.kind === 'given_up',
    obstacle: state.isTextBroken
      ? 'The JSON is not an object yet'
      : broken.size > 0
        ? 'A field does not hold JSON yet'
        : null,
    set,
    setText,
    setBroken,
    replace: useCallback((parameters) => put(() => parameters), [put]),
    reveal: useCallback(() => setRevealed(true), []),
  }
}

function made(parameters: Arguments): { parameters: Arguments; text: string; isTextBroken: boolean } {
  return { parameters, text: JSON.stringify(parameters, null, 2), isTextBroken: false }
}

function begin(schema: JsonSchema): Arguments {
  const start = startValue(schema, schema)
  return typeof start === 'object' && start !== null && !Array.isArray(start) ? (start as Arguments) : {}
}
