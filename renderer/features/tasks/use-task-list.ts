import { useCallback, useEffect, useRef, useState } from 'react'
import type { Failure } from '../../../shared/app-error.ts'
import type { TaskFilter } from '../../../shared/contract.ts'
import type { TaskSummary } from '../../../shared/task.ts'
import { callFailure } from '../../client/engine-client.ts'
import { useEngine } from '../../client/hooks.ts'
import { useEngineStore } from '../../client/store.ts'
import { changedTasks } from './changed-tasks.ts'
import { passes, type TaskList, withChanged, withOlder } from './task-list.ts'

const pageSize = 100
const lookAgainMs = 500

export interface LiveTasks {
  /** null until the first page is there. */
  list: TaskList | null
  /** Place of the first item; it falls as tasks come in before it, so that the others keep theirs. */
  first: number
  failure: Failure | null
  loadOlder(): void
  /** Rises when something changed that counts may depend on. */
  changes: number
}

interface Shown {
  key: string
  list: TaskList
  first: number
}

/** The tasks under a filter, newest first: pages on demand, and changes as they happen. */
export function useTaskList(filter: TaskFilter): LiveTasks {
  const engine = useEngine()
  const generation = useEngineStore((state) => state.generation)
  const key = JSON.stringify(filter)
  const [shown, setShown] = useState<Shown | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [changes, setChanges] = useState(0)
  const isLoading = useRef(false)

  const readNewest = useCallback(
    async (signal: AbortSignal): Promise<void> => {
      try {
        const page = await engine.tasks.list({ ...(JSON.parse(key) as TaskFilter), limit: pageSize }, { signal })
        if (signal.aborted) return
        setShown({ key, list: { items: page.items, next_before: page.next_before }, first: 0 })
        setFailure(null)
      } catch (error) {
        if (!signal.aborted) setFailure(callFailure(error))
      }
    },
    [engine, key],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection may have missed changes
  useEffect(() => {
    const ending = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    void readNewest(ending.signal)
    const lookAgain = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined
        void readNewest(ending.signal)
      }, lookAgainMs)
    }
    const stop = useEngineStore.subscribe((after, before) => {
      const { tasks, isWhole } = changedTasks(before.snapshot, after.snapshot)
      if (tasks.length === 0) return
      setChanges((count) => count + 1)
      const isKnown = JSON.parse(key) as TaskFilter
      if (!isWhole || tasks.some((task) => passes(task, isKnown) === 'unknown')) lookAgain()
      setShown((current) =>
        current?.key === key ? tasks.reduce((so, task) => put(so, task, isKnown), current) : current,
      )
    })
    return () => {
      stop()
      clearTimeout(timer)
      ending.abort()
    }
  }, [readNewest, key, generation])

  const loadOlder = useCallback((): void => {
    const before = shown?.list.next_before
    if (!before || isLoading.current) return
    isLoading.current = true
    engine.tasks.list({ ...(JSON.parse(key) as TaskFilter), before, limit: pageSize }).then(
      (page) => {
        isLoading.current = false
        setShown((current) => {
          const isSame = current?.key === key && current.list.next_before === before
          return isSame ? { ...current, list: withOlder(current.list, page) } : current
        })
      },
      (error: unknown) => {
        isLoading.current = false
        setFailure(callFailure(error))
      },
    )
  }, [engine, key, shown])

  const isCurrent = shown?.key === key
  return { list: isCurrent ? shown.list : null, first: isCurrent ? shown.first : 0, failure, loadOlder, changes }
}

/** A task put into what is shown; `unknown` ones keep their place but do not come in. */
function put(shown: Shown, task: TaskSummary, filter: TaskFilter): Shown {
  const verdict = passes(task, filter)
  const isHere = shown.list.items.some((other) => other.task_id === task.task_id)
  const list = withChanged(shown.list, task, () => verdict === true || (verdict === 'unknown' && isHere))
  if (list === shown.list) return shown
  const top = shown.list.items[0]
  const cameBefore = top === undefined ? 0 : list.items.findIndex((other) => other.task_id === top.task_id)
  return { ...shown, list, first: shown.first - Math.max(0, cameBefore) }
}
