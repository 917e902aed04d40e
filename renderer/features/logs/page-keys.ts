import { useEffect, useRef } from 'react'

/** Keys of a page, as `e`, `Shift+E` or ` `; they rest while something that takes keys itself has the focus. */
export function usePageKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const action = latest.current[event.shiftKey ? `Shift+${event.key}` : event.key]
      if (!action || isTaken(event)) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Typing anywhere, and Space or Enter on a control, belong to what has the focus. */
function isTaken(event: KeyboardEvent): boolean {
  const pressesControl = event.key === ' ' || event.key === 'Enter'
  return event.composedPath().some((node) => {
    if (!(node instanceof HTMLElement)) return false
    if (node.isContentEditable || node.matches('input:not([type=checkbox]), textarea, select')) return true
    if (node.matches('[role=dialog], [role=menu], [role=listbox]')) return true
    return pressesControl && node.matches('button, a, input, [role=checkbox], [role=tab], [role=switch]')
  })
}
