import { useCallback, useMemo } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import type { TaskFilter } from '../../../shared/contract.ts'
import type { ServerId, TaskId } from '../../../shared/ids.ts'
import { type TaskStatus, taskStatusSchema } from '../../../shared/task.ts'

const spans = ['hour', 'day', 'week', 'all'] as const
type Span = (typeof spans)[number]
const spanMs: Readonly<Record<Exclude<Span, 'all'>, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
}

/** The facets that a person ticks. */
export type Facet = 'status' | 'agent' | 'action' | 'origin'

/** How the register is looked at; all of it stands in the URL. */
export interface TaskView {
  span: Span
  text: string
  ticked: Readonly<Record<Facet, readonly string[]>>
  filter: TaskFilter
  tab: string
  setSpan(span: Span): void
  setText(text: string): void
  tick(facet: Facet, value: string, isTicked: boolean): void
  clear(): void
  setTab(tab: string): void
  /** Goes to a task, or back to the list alone; the view stays. */
  open(id: TaskId | null): void
}

export function useTaskView(): TaskView {
  const [params, setParams] = useSearchParams()
  const [, navigate] = useLocation()
  const search = params.toString()

  const write = useCallback(
    (edit: (after: URLSearchParams) => void): void => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before)
          edit(after)
          return after
        },
        { replace: true },
      )
    },
    [setParams],
  )

  return useMemo(() => {
    const read = new URLSearchParams(search)
    const span = spans.find((one) => one === read.get('span')) ?? 'all'
    const text = read.get('q') ?? ''
    const ticked = {
      status: read.getAll('status').filter((value) => taskStatusSchema.safeParse(value).success),
      agent: read.getAll('server'),
      action: read.getAll('tool'),
      origin: read.getAll('origin'),
    }
    const filter: TaskFilter = {
      ...(ticked.status.length > 0 && { status: ticked.status as TaskStatus[] }),
      ...(ticked.agent.length > 0 && { agent: ticked.agent as ServerId[] }),
      ...(ticked.action.length > 0 && { action: ticked.action }),
      ...(ticked.origin.length > 0 && { origin: ticked.origin }),
      ...(span !== 'all' && { since: new Date(Date.now() - spanMs[span]).toISOString() }),
      ...(text !== '' && { q: text }),
    }
    const set = (name: string, value: string, fallback: string): void =>
      write((after) => (value === fallback ? after.delete(name) : after.set(name, value)))
    return {
      span,
      text,
      ticked,
      filter,
      tab: read.get('tab') ?? 'timeline',
      setSpan: (next) => set('span', next, 'all'),
      setText: (next) => set('q', next, ''),
      setTab: (next) => set('tab', next, 'timeline'),
      tick: (facet, value, isTicked) =>
        write((after) => {
          const name = parameterOf[facet]
          const others = after.getAll(name).filter((other) => other !== value)
          after.delete(name)
          for (const kept of isTicked ? [...others, value] : others) after.append(name, kept)
        }),
      clear: () =>
        write((after) => {
          for (const name of [...Object.values(parameterOf), 'q', 'span']) after.delete(name)
        }),
      open: (id) => navigate(`/tasks${id === null ? '' : `/${id}`}${search === '' ? '' : `?${search}`}`),
    }
  }, [search, write, navigate])
}

const parameterOf: Readonly<Record<Facet, string>> = {
  status: 'status',
  agent: 'server',
  action: 'tool',
  origin: 'origin',
}
