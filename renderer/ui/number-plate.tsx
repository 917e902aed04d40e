import styles from './number-plate.module.css'

/** The number of a server: its place, the same everywhere. */
export function NumberPlate({ number }: { number: number }) {
  return <span className={styles.plate}>{number}</span>
}
