import { useEffect } from 'react'
import { useEngineStore } from '../client/store.ts'
import { navigateHash } from '../hash-location.ts'
import { focusPageSearch } from '../ui/search-field.tsx'
import { serverHref } from '../view-state.ts'
import { pages } from './pages.ts'
import { openPalette } from './palette-state.ts'

const sequenceMs = 900

/** The keys of the whole window: Ctrl or Cmd and K, `/`, and `g` followed by a page's letter or a server's number. */
export function useShortcuts(): void {
  useEffect(() => {
    let pending = ''
    let timer: ReturnType<typeof setTimeout> | undefined

    function onKeyDown(event: KeyboardEvent): void {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault()
        openPalette()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
      if (pending !== '') {
        if (followSequence(event.key)) event.preventDefault()
        return
      }
      if (event.key === 'g') setPending('g')
      else if (event.key === '/' && focusPageSearch()) event.preventDefault()
    }

    function followSequence(key: string): boolean {
      const digits = pending.slice(1)
      if (/^\d$/.test(key)) {
        setPending(pending + key)
        return true
      }
      if (digits === '') {
        const page = pages.find((entry) => entry.key === key)
        if (page) navigateHash(page.href)
        setPending('')
        return page !== undefined
      }
      finish()
      return key === 'Enter'
    }

    function setPending(value: string): void {
      clearTimeout(timer)
      pending = value
      if (value !== '') timer = setTimeout(finish, sequenceMs)
    }

    // A number may have two digits, so it counts once no third key comes.
    function finish(): void {
      const number = Number(pending.slice(1))
      setPending('')
      const server = useEngineStore.getState().snapshot?.servers.find((one) => one.number === number)
      if (server) navigateHash(serverHref(server.id))
    }

    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      clearTimeout(timer)
    }
  }, [])
}

function isTyping(event: KeyboardEvent): boolean {
  // The editor sits in a shadow root: the composed path sees into it, the target does not.
  return event.composedPath().some((node) => node instanceof HTMLElement && isEditable(node))
}

function isEditable(node: HTMLElement): boolean {
  if (node.isContentEditable || node.tagName === 'TEXTAREA' || node.tagName === 'SELECT') return true
  if (node instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(node.type)
  return node.role === 'dialog' || node.role === 'menu' || node.role === 'listbox'
}
