import styles from './plate.module.css'

/** The enamel name plate: once per window. */
export function Plate() {
  return (
    <span className={styles.plate}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path
          fill="currentColor"
          d="M1 12.9h14V15H1zM2.8 12 1 2l2.5-.5L5.4 12zM7.1 12l3.5-6.1 2.3 1.3L10.1 12zM11.2 4.8 13 1.6l2.3 1.3-1.8 3.2z"
        />
      </svg>
      <span className={styles.name}>Signalbox</span>
    </span>
  )
}
