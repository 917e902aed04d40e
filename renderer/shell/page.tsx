import type { ReactNode } from 'react'
import styles from './page.module.css'
import { PageBanner } from './page-banner.tsx'
import { PaletteButton } from './palette-button.tsx'
import { Shelf } from './shelf.tsx'

interface PageProps {
  /** Names the page and the window. */
  title: string
  /** The page above this one. */
  parent?: ReactNode
  /** A clause of facts beside the title. */
  facts?: ReactNode
  /** The bar under the head: filters and search at the left, actions at the right. */
  toolbar?: ReactNode
  children: ReactNode
}

/** One page: top bar, the one banner, its toolbar, its content. */
export function Page({ title, parent, facts, toolbar, children }: PageProps) {
  return (
    <main className={styles.main}>
      <title>{`${title} · Signalbox`}</title>
      <header className={styles.topbar} data-window-head="">
        <h1 className={styles.title}>
          {parent && (
            <>
              <span className={styles.parent}>{parent}</span> <span className={styles.slash}>/</span>{' '}
            </>
          )}
          {title}
        </h1>
        {facts && <span className={styles.facts}>{facts}</span>}
        <div className={styles.end}>
          <Shelf />
          <PaletteButton />
        </div>
      </header>
      <div className={styles.page}>
        <PageBanner />
        {toolbar && <div className={styles.toolbar}>{toolbar}</div>}
        {children}
      </div>
    </main>
  )
}

/** Pushes what follows it to the right end of a toolbar. */
export function Spring() {
  return <span className={styles.spring} />
}
