import { Link, useLocation } from 'wouter'
import { useSnapshot } from '../client/hooks.ts'
import { classNames } from '../ui/class-names.ts'
import { formatCount } from '../ui/format.ts'
import { Glyph } from '../ui/glyph.tsx'
import styles from './nav.module.css'
import { type PageEntry, pages } from './pages.ts'
import { Plate } from './plate.tsx'

/** The pages at the left, with what waits in each. */
export function Nav() {
  const [location] = useLocation()
  return (
    <nav className={styles.nav} aria-label="Pages">
      <div className={styles.brand} data-window-head="">
        <Plate />
      </div>
      <div className={styles.list}>
        {pages.map((page) => (
          <NavLink key={page.href} page={page} isCurrent={isAt(page.href, location)} />
        ))}
      </div>
    </nav>
  )
}

function NavLink({ page, isCurrent }: { page: PageEntry; isCurrent: boolean }) {
  return (
    <Link
      href={page.href}
      aria-current={isCurrent ? 'page' : undefined}
      className={classNames(styles.link, page.isLast && styles.last)}
      title={page.label}
    >
      <Glyph name={page.glyph} />
      <span className={styles.label}>{page.label}</span>
      <NavCount href={page.href} />
    </Link>
  )
}

function NavCount({ href }: { href: string }) {
  const count = useSnapshot((snapshot) => {
    if (href === '/') return snapshot.attention.length
    if (href === '/servers') return snapshot.servers.length
    if (href === '/approvals') return snapshot.approvals.length
    if (href === '/tasks') return snapshot.running.length
    return 0
  })
  if (count === 0) return null
  return <span className={href === '/' || href === '/approvals' ? styles.hot : styles.count}>{formatCount(count)}</span>
}

function isAt(href: string, location: string): boolean {
  return href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`)
}
