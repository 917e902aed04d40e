import { createContext, useContext, useDeferredValue, useMemo, useState } from 'react'
import { z } from 'zod'
import { type NewRule, newRuleSchema, type RuleProblem } from '../../../shared/rule.ts'
import { useCall } from '../../client/hooks.ts'
import { useViewState } from '../../view-state.ts'
import { type Path, valueAt, withValueAt } from './at-path.ts'
import { issueWords } from './issue-words.ts'
import {
  placed,
  pointerOf,
  type ReadText,
  readText,
  type TextFinding,
  type TextFormat,
  writeText,
} from './rule-text.ts'

export interface RuleDraft {
  /** As it is written now; also while it is wrong. */
  readonly value: unknown
  /** Null while something is wrong. */
  readonly rule: NewRule | null
  readonly problems: readonly RuleProblem[]
  readonly isChanged: boolean
  /** Whether the rule was changed elsewhere while it was changed here. */
  readonly isOvertaken: boolean
  /** Throws away what was changed here. */
  begin(): void
  /** Whether its parts have the shapes that a form can show. */
  readonly isReadable: boolean
  /** While the engine looks at what was written last. */
  readonly isChecking: boolean
  set(path: Path, next: unknown): void
  /** What is wrong at exactly this place. */
  problemAt(path: Path): string | null
  readonly text: string
  readonly format: TextFormat
  readonly findings: readonly TextFinding[]
  setText(text: string): void
  setFormat(format: TextFormat): void
}

/** A rule while it is written, as a form and as text at once; the text is what counts. */
export function useRuleDraft(stored: unknown): RuleDraft {
  const [as] = useViewState('as', 'form')
  const [format, setFormat] = useState<TextFormat>(as === 'yaml' ? 'yaml' : 'json')
  /** What the edit began from. */
  const [base, setBase] = useState(stored)
  const [text, setText] = useState(() => writeText(stored, format))
  const read = useMemo(() => readText(text, format), [text, format])
  // The form keeps showing what was last readable.
  const [value, setValue] = useState(stored)
  const current = read.kind === 'value' ? read.value : value
  const { rule, problems: formal } = useMemo(() => checked(read), [read])
  const asked = useDeferredValue(rule)
  const key = asked === null ? null : JSON.stringify(asked)
  const answer = useCall(key, (engine, signal) => engine.rules.validate(asked!, { signal }))
  // What was said last stays until the engine has looked again, so that nothing jumps while somebody types.
  const [told, setTold] = useState(none)
  if (key !== null && answer.kind === 'done' && answer.data.problems !== told) setTold(answer.data.problems)
  const problems = rule === null ? formal : told
  const isChanged = read.kind === 'broken' || !isSame(current, base)
  // It was changed elsewhere: what nobody has touched follows, an edit is never thrown away.
  const isOvertaken = !isSame(stored, base) && isChanged && !isSame(stored, current)
  if (!isSame(stored, base) && !isOvertaken) begin()
  const findings = useMemo(
    () => (read.kind === 'broken' ? read.findings : placed(text, problems)),
    [read, text, problems],
  )

  function begin(): void {
    setBase(stored)
    replace(stored)
  }

  function replace(next: unknown): void {
    setValue(next)
    setText(writeText(next, format))
  }

  return {
    value: current,
    rule: problems.some(({ severity }) => severity === 'error') ? null : rule,
    problems,
    isChanged,
    isOvertaken,
    begin,
    isReadable: read.kind === 'value' && shownSchema.safeParse(read.value).success,
    isChecking: rule !== null && answer.kind === 'loading',
    set: (path, next) => replace(withValueAt(current, path, next)),
    problemAt: (path) => {
      // What nobody has touched yet is not held against anybody.
      if (!isChanged) return null
      const pointer = pointerOf(path)
      return problems.find((problem) => problem.path === pointer)?.message ?? null
    },
    text,
    format,
    findings,
    setText: (next) => {
      setText(next)
      const after = readText(next, format)
      if (after.kind === 'value') setValue(after.value)
    },
    setFormat: (next) => {
      setFormat(next)
      setText(writeText(current, next))
    },
  }
}

const list = z.array(z.looseObject({ kind: z.string() })).optional()
/** As much of a rule's shape as a form needs; what stands in the fields may be wrong. */
const shownSchema = z.looseObject({
  trigger: z.looseObject({ kind: z.string() }),
  conditions: z.array(z.unknown()).optional(),
  steps: list,
  on_failure: list,
  limits: z.looseObject({ rate: z.looseObject({}).optional() }).optional(),
})

/** Whether two rules mean the same, whatever the order of their members and however much is left to the defaults. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || meaning(a) === meaning(b)
}

function meaning(value: unknown): string {
  return JSON.stringify(newRuleSchema.safeParse(value).data ?? value)
}

const none: readonly RuleProblem[] = []

function checked(read: ReadText): { rule: NewRule | null; problems: readonly RuleProblem[] } {
  if (read.kind === 'broken') return { rule: null, problems: none }
  const parsed = newRuleSchema.safeParse(read.value, { reportInput: true })
  if (parsed.success) return { rule: parsed.data, problems: none }
  const problems = new Map<string, RuleProblem>()
  for (const issue of parsed.error.issues) {
    const path = pointerOf(issue.path)
    // What is said first of a place is what has to be mended first.
    if (!problems.has(path)) problems.set(path, { path, severity: 'error', message: issueWords(issue), column: null })
  }
  return { rule: null, problems: [...problems.values()] }
}

export const DraftContext = createContext<RuleDraft | null>(null)

/** The draft that the fields above and below are part of, with what stands at a path. */
export function useDraftAt(path: Path): { draft: RuleDraft; value: unknown; problem: string | null } {
  const draft = useContext(DraftContext)
  if (draft === null) throw new Error('No DraftContext above this component')
  return { draft, value: valueAt(draft.value, path), problem: draft.problemAt(path) }
}
