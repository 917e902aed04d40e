import { useCallback } from 'react'
import { useSearchParams } from 'wouter'

/** One named piece of view state, kept in the query of the URL. The default is not written. */
export function useViewState<T extends string = string>(name: string, fallback: NoInfer<T>): [T, (value: T) => void] {
  const [params, setParams] = useSearchParams()
  const value = (params.get(name) as T | null) ?? fallback
  const set = useCallback(
    (next: T) => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before)
          if (next === fallback) after.delete(name)
          else after.set(name, next)
          return after
        },
        { replace: true },
      )
    },
    [setParams, name, fallback],
  )
  return [value, set]
}

/** The address of a server's page, optionally at a tab. */
export function serverHref(id: string, tab?: string): string {
  return `/servers/${encodeURIComponent(id)}${tab ? `?tab=${tab}` : ''}`
}

/** The address where the doctor looks at a server. */
export function doctorHref(id: string): string {
  return `/doctor?server=${encodeURIComponent(id)}`
}
