import { Switch } from '@base-ui/react/switch'
import { classNames } from './class-names.ts'
import styles from './lever.module.css'
import { Tooltip } from './tooltip.tsx'

interface LeverProps {
  /** `github: keep running` */
  label: string
  /** What its owner wants. */
  wished: boolean
  /** Whether the fact agrees; drawn hollow until it does. */
  proved: boolean
  /** Id of the element that tells the state. */
  describedBy?: string | undefined
  /** Why it may not be thrown; still focusable. */
  collar?: string | null
  onThrow: (wished: boolean) => void
}

/** The wish: it follows the hand at once and never waits for the fact. */
export function Lever({ label, wished, proved, describedBy, collar = null, onThrow }: LeverProps) {
  return (
    <Tooltip text={collar}>
      <Switch.Root
        checked={wished}
        readOnly={collar !== null}
        aria-disabled={collar !== null || undefined}
        onCheckedChange={onThrow}
        aria-label={label}
        aria-describedby={describedBy}
        data-proved={proved || undefined}
        className={classNames(styles.lever, collar !== null && styles.collar)}
        onClick={(event) => event.stopPropagation()}
      >
        <Switch.Thumb className={styles.arm} />
      </Switch.Root>
    </Tooltip>
  )
}
