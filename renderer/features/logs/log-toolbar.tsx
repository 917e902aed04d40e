import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { Segments } from '../../ui/segments.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './log-view.module.css'
import { QueryBar } from './query-bar.tsx'
import { LevelSelect } from './server-rail.tsx'
import type { LogView } from './use-log-view.ts'

interface LogToolbarProps {
  view: LogView
  /** Lines loaded, and whether older ones are stored. */
  lines: number
  hasMore: boolean
  /** Lines of the servers in view that came too fast to be kept. */
  dropped: number
  /** At the end and not paused. */
  isLive: boolean
  /** Pauses when live, else goes to the end and on. */
  onFollow(): void
  onNextError(): void
}

/** Query, marks, next error, wrap, follow. */
export function LogToolbar({ view, lines, hasMore, dropped, isLive, onFollow, onNextError }: LogToolbarProps) {
  return (
    <div className={styles.toolbar}>
      <QueryBar
        value={view.draft}
        onChange={view.setDraft}
        aside={`${formatCount(lines)}${hasMore ? '+' : ''} ${lines === 1 ? 'line' : 'lines'}${dropped > 0 ? `, ${formatCount(dropped)} dropped` : ''}`}
      />
      {view.server !== null && <LevelSelect query={view.query} onChange={view.setQuery} />}
      <Segments
        label="Lines with the text"
        value={view.mode}
        segments={[
          { value: 'mark', label: 'Mark' },
          { value: 'only', label: 'Only' },
        ]}
        onChange={(mode) => view.change({ mode })}
      />
      <Button variant="quiet" onClick={onNextError}>
        Next error <Kbd keys="e" />
      </Button>
      <Tooltip text="Wrap long lines (w)">
        <Button variant="quiet" aria-pressed={view.isWrapped} onClick={() => view.change({ wrap: !view.isWrapped })}>
          Wrap
        </Button>
      </Tooltip>
      <Button glyph={isLive ? 'pause' : 'play'} className={styles.follow} onClick={onFollow}>
        {isLive ? 'Pause' : 'Follow'}
      </Button>
    </div>
  )
}
