import { Toast as Base } from '@base-ui/react/toast'
import { Link } from 'wouter'
import type { Failure } from '../../shared/app-error.ts'
import { Glyph, type GlyphName, type Tone } from './glyph.tsx'
import { IconButton } from './icon-button.tsx'
import styles from './toast.module.css'

interface ToastLink {
  label: string
  href: string
}

interface ToastData {
  glyph: GlyphName
  tone: Tone
  links: readonly ToastLink[]
}

const toasts = Base.createToastManager<ToastData>()

interface ToastText {
  title: string
  message: string
  /** At most two ways on. */
  links?: readonly ToastLink[]
  /** Takes the place of an earlier one of its topic. */
  topic?: string | undefined
}

/** Says that something went well elsewhere; leaves by itself. */
export function announceToast({ title, message, links = [] }: ToastText): void {
  toasts.add({ title, description: message, timeout: 6000, data: { glyph: 'ready', tone: 'ready', links } })
}

/** Says that something wants a look; leaves by itself, later. */
export function cautionToast({ title, message, links = [], topic }: ToastText): void {
  const data = { glyph: 'level-warn', tone: 'caution', links } as const
  toasts.add({ ...(topic !== undefined && { id: topic }), title, description: message, timeout: 12_000, data })
}

/** What a topic had to say is over. */
export function withdrawToast(topic: string): void {
  toasts.close(topic)
}

/** Tells a failure: what happened and what to do next. Stays until dismissed. */
export function failureToast(failure: Failure, links: readonly ToastLink[] = []): void {
  const id = `${failure.code}:${failure.message}`
  toasts.close(id)
  toasts.add({
    id,
    title: failure.message,
    description: failure.hint ?? undefined,
    timeout: 0,
    priority: 'high',
    data: { glyph: 'failed', tone: 'danger', links },
  })
}

/** Shows the toasts, at most three at once. Rendered once, around the page. */
export function ToastHost() {
  return (
    <Base.Provider toastManager={toasts} limit={3}>
      <Base.Portal>
        <Base.Viewport className={styles.viewport}>
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function ToastList() {
  const manager = Base.useToastManager<ToastData>()
  const hidden = manager.toasts.filter((toast) => toast.limited).length
  return (
    <>
      {manager.toasts.map((toast) => (
        // The library says urgent ones aloud by an alert, and hides them and all buttons until they have the focus: silent is enough.
        <Base.Root
          key={toast.id}
          toast={toast}
          className={styles.toast}
          aria-hidden={false}
          {...(toast.priority === 'high' && { 'aria-live': 'off' })}
        >
          <Glyph name={toast.data?.glyph ?? 'ready'} tone={toast.data?.tone ?? 'ready'} className={styles.glyph} />
          <Base.Content className={styles.content}>
            <Base.Title className={styles.title} />
            <Base.Description className={styles.message} />
            {toast.data && toast.data.links.length > 0 && (
              <div className={styles.links}>
                {toast.data.links.map((link) => (
                  <Link key={link.href} href={link.href} onClick={() => manager.close(toast.id)}>
                    {link.label}
                  </Link>
                ))}
              </div>
            )}
          </Base.Content>
          <Base.Close aria-hidden={false} render={<IconButton glyph="x" label="Dismiss" size="small" />} />
        </Base.Root>
      ))}
      {hidden > 0 && <div className={styles.more}>{hidden} more</div>}
    </>
  )
}
