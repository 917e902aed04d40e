import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Bars, Lines } from '../../ui/bars.tsx'
import { formatClock, formatCount, formatDuration, type TimeZoneChoice } from '../../ui/format.ts'
import styles from './day-tiles.module.css'

/** The last 24 hours in numbers. */
export function DayTiles() {
  const day = useSnapshot((snapshot) => snapshot.day)
  const share = day.calls === 0 ? 0 : (day.failed / day.calls) * 100
  return (
    <section className={styles.day} aria-label="Last 24 hours">
      <div className={styles.head}>
        <h3 className={styles.heading}>Last 24 hours</h3>
        <span className={styles.note}>every call that anyone made</span>
        <Link href="/tasks" className={styles.all}>
          All tasks
        </Link>
      </div>
      <div className={styles.tiles}>
        <Tile name="Calls" note="per hour" value={formatCount(day.calls)}>
          <Bars
            color="--chart-1"
            values={day.hours.map((hour) => hour.calls)}
            label={`Calls per hour, ${day.calls} in all`}
          />
        </Tile>
        <Tile
          name="Failed calls"
          note="per hour"
          value={formatCount(day.failed)}
          aside={`${share.toFixed(1)} % of all`}
        >
          <Bars
            color="--chart-4"
            values={day.hours.map((hour) => hour.failed)}
            label={`Failed calls per hour, ${day.failed} in all`}
          />
        </Tile>
        <Tile
          name="Time to answer"
          note={
            <>
              <span className={styles.p50}>▬</span> p50 <span className={styles.p95}>▬</span> p95
            </>
          }
          value={day.p50_ms === null ? '–' : formatDuration(day.p50_ms)}
          aside={day.p95_ms === null ? undefined : `p95 ${formatDuration(day.p95_ms)}`}
        >
          <Lines
            series={[
              { values: day.hours.map((hour) => hour.p95_ms), color: '--chart-3' },
              { values: day.hours.map((hour) => hour.p50_ms), color: '--chart-1' },
            ]}
            label={`Time to answer by the hour; median ${Math.round(day.p50_ms ?? 0)} ms`}
          />
        </Tile>
      </div>
    </section>
  )
}

interface TileProps {
  name: string
  note: ReactNode
  value: string
  aside?: string | undefined
  children: ReactNode
}

function Tile({ name, note, value, aside, children }: TileProps) {
  return (
    <div className={styles.tile}>
      <div className={styles.key}>
        <span>{name}</span>
        <span className={styles.keyNote}>{note}</span>
      </div>
      <div className={styles.value}>
        {value}
        {aside && <small className={styles.aside}>{aside}</small>}
      </div>
      {children}
      <Axis />
    </div>
  )
}

function Axis() {
  const hours = useSnapshot((snapshot) => snapshot.day.hours)
  const zone = usePreferences((state) => state.zone)
  return (
    <div className={styles.axis} aria-hidden="true">
      {[0, 6, 12, 18].map((index) => (
        <span key={index}>{hourOf(hours[index]?.at, zone)}</span>
      ))}
      <span>now</span>
    </div>
  )
}

function hourOf(at: string | undefined, zone: TimeZoneChoice): string {
  return at === undefined ? '' : formatClock(at, zone).slice(0, 5)
}
