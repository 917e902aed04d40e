import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { Action } from '../actions.ts'

const useLists = create<{ lists: readonly (readonly Action[])[] }>(() => ({ lists: [] }))

/** What the page that is shown can do besides what can be done everywhere; for the palette. */
export function useShownPageActions(): readonly Action[] {
  return useLists(({ lists }) => lists).flat()
}

/** Puts actions into the palette while the component is shown. */
export function usePageActions(actions: readonly Action[]): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  const titles = actions.map(({ id, title }) => `${id} ${title}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is anew when it reads differently; what runs is always the latest
  useEffect(() => {
    const list = latest.current.map(
      (action): Action => ({
        ...action,
        run: (context) => latest.current.find(({ id }) => id === action.id)?.run(context),
      }),
    )
    useLists.setState(({ lists }) => ({ lists: [...lists, list] }))
    return () => useLists.setState(({ lists }) => ({ lists: lists.filter((other) => other !== list) }))
  }, [titles])
}
