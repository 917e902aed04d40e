import { classNames } from '../../ui/class-names.ts'
import styles from './method.module.css'

/** GET and the like, in one width, so that paths stand in one line. */
export function Method({ method }: { method: string }) {
  return (
    <span className={classNames(styles.method, method === 'GET' ? styles.reads : styles.writes)}>
      {method === 'DELETE' ? 'DEL' : method}
    </span>
  )
}
