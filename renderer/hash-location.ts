import { useSyncExternalStore } from 'react'
import { forRouter, splitHash } from './hash-parts.ts'

/**
 * The location for wouter, kept whole in the hash: `#/servers/git?tab=logs`. Its own hash hook writes the query before
 * the hash, where it would outlive the page it belongs to.
 */
export function useHashPath(): [string, typeof navigateHash] {
  return [useSyncExternalStore(subscribe, path), navigateHash]
}
useHashPath.hrefs = (href: string): string => `#${href}`

/** The query part for wouter. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, search)
}

/** Goes to a place within the page: `/tasks?status=failed`. */
export function navigateHash(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const next = `#${to.startsWith('/') ? to : `/${to}`}`
  if (next === location.hash) return
  history[replace ? 'replaceState' : 'pushState'](null, '', next)
  tellAll()
}

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

// One listener for all: as listeners of their own, a route within a page would see a new place before the page does.
window.addEventListener('hashchange', tellAll)
window.addEventListener('popstate', tellAll)

function tellAll(): void {
  for (const listener of listeners) listener()
}

function path(): string {
  return forRouter(splitHash(location.hash).path)
}

function search(): string {
  return forRouter(splitHash(location.hash).search)
}
