import { useState } from 'react'
import { type TaskStatus, taskStatuses } from '../../../shared/task.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { formatCount } from '../../ui/format.ts'
import { TaskGlyph, taskLooks } from '../../ui/task-glyph.tsx'
import { originName } from './origin-name.ts'
import styles from './task-rail.module.css'
import type { Facet, TaskView } from './use-task-view.ts'

type Counts = readonly { value: string; count: number }[]

/** Counts under the filter, each facet without its own part of it. */
type Facets = Readonly<Record<Facet, Counts>>

interface RailProps {
  view: TaskView
  facets: Facets | null
  isOpen: boolean
}

/** Filters with counts: status, who asked, server, tool. */
export function TaskRail({ view, facets, isOpen }: RailProps) {
  const counts = (facet: Facet): Counts => withTicked(facets?.[facet] ?? [], view.ticked[facet])
  const statuses = new Map(facets?.status.map(({ value, count }) => [value, count]))
  return (
    <aside className={styles.rail} aria-label="Filters" data-open={isOpen || undefined}>
      <Group title="Status">
        {taskStatuses.map((status) => (
          <Entry key={status} view={view} facet="status" value={status} count={statuses.get(status) ?? 0} />
        ))}
      </Group>
      <Group title="Asked by">
        <Entries view={view} facet="origin" counts={counts('origin')} />
      </Group>
      <Group title="Server">
        <Entries view={view} facet="agent" counts={counts('agent')} />
      </Group>
      <Group title="Tool">
        <Entries view={view} facet="action" counts={counts('action')} />
      </Group>
    </aside>
  )
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      <ul>{children}</ul>
    </section>
  )
}

const shownAtFirst = 6

function Entries({ view, facet, counts }: { view: TaskView; facet: Facet; counts: Counts }) {
  const [isWhole, setWhole] = useState(false)
  const sorted = counts.toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value))
  const shown = isWhole
    ? sorted
    : sorted.filter(({ value }, index) => index < shownAtFirst || view.ticked[facet].includes(value))
  return (
    <>
      {shown.map(({ value, count }) => (
        <Entry key={value} view={view} facet={facet} value={value} count={count} />
      ))}
      {sorted.length > shown.length && (
        <li>
          <Button variant="quiet" size="small" onClick={() => setWhole(true)}>
            {sorted.length - shown.length} more
          </Button>
        </li>
      )}
    </>
  )
}

function Entry({ view, facet, value, count }: { view: TaskView; facet: Facet; value: string; count: number }) {
  const isTicked = view.ticked[facet].includes(value)
  return (
    <li>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the tick stands inside */}
      <label className={styles.entry}>
        <Checkbox checked={isTicked} onChange={(next) => view.tick(facet, value, next)} />
        {facet === 'status' && <TaskGlyph status={value as TaskStatus} size={14} silent />}
        <span className={styles.name}>{nameOf(facet, value)}</span>
        <span className={styles.count}>{formatCount(count)}</span>
      </label>
    </li>
  )
}

function nameOf(facet: Facet, value: string): string {
  if (facet === 'status') return taskLooks[value as TaskStatus].word
  return facet === 'origin' ? originName(value) : value
}

/** A ticked value stays in sight when nothing is left of it. */
function withTicked(counts: Counts, ticked: readonly string[]): Counts {
  const missing = ticked.filter((value) => !counts.some((one) => one.value === value))
  return [...counts, ...missing.map((value) => ({ value, count: 0 }))]
}
