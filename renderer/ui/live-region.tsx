import { create } from 'zustand'
import styles from './live-region.module.css'

const useAnnouncement = create<{ text: string }>(() => ({ text: '' }))

const spacingMs = 1000
let queue: string[] = []
let timer: ReturnType<typeof setTimeout> | undefined

/** Says a sentence through the one polite live region, at most one a second; a later one about the same thing wins. */
export function announce(text: string): void {
  queue = [...queue.slice(-4), text]
  if (timer === undefined) sayNext()
}

function sayNext(): void {
  const text = queue.shift()
  if (text === undefined) {
    timer = undefined
    return
  }
  useAnnouncement.setState({ text })
  timer = setTimeout(sayNext, spacingMs)
}

/** The live region; rendered once. */
export function LiveRegion() {
  const text = useAnnouncement((state) => state.text)
  return (
    <div className={styles.region} role="status" aria-live="polite">
      {text}
    </div>
  )
}
