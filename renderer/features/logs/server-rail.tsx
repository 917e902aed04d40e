import { useId } from 'react'
import type { ServerId } from '../../../shared/ids.ts'
import { type LogLevel, type LogStream, logLevels, logStreamSchema } from '../../../shared/log.ts'
import { useServer } from '../../client/hooks.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useClock } from '../../ui/clock.ts'
import { formatCount } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { StateGlyph } from '../../ui/state-glyph.tsx'
import type { LogOverview } from './overview.ts'
import { type LogQuery, shownServers } from './query.ts'
import styles from './server-rail.module.css'
import { withServer } from './use-log-view.ts'

interface RailProps {
  query: LogQuery
  known: readonly ServerId[]
  overview: LogOverview | null
  onChange(query: LogQuery): void
}

const streamWords: Readonly<Record<LogStream, string>> = {
  stderr: 'stderr',
  stdout: 'stdout, not protocol',
  mcp: 'MCP messages',
  supervisor: 'Signalbox',
}

/** What is shown: servers with their line counts, the least level, the streams. */
export function ServerRail({ query, known, overview, onChange }: RailProps) {
  const shown = shownServers(query, known)
  const isAll = shown === null || shown.length === known.length
  const counts = new Map(overview?.servers.map((server) => [server.server, server]))
  return (
    <aside className={styles.rail} aria-label="What is shown">
      <div className={styles.head}>
        <h2>Servers</h2>
        {!isAll && (
          <button type="button" onClick={() => onChange({ ...query, servers: [], notServers: [] })}>
            all
          </button>
        )}
      </div>
      <ul>
        {known.map((id) => (
          <ServerTick
            key={id}
            id={id}
            isShown={shown === null || shown.includes(id)}
            lines={counts.get(id)?.lines ?? 0}
            lastAt={counts.get(id)?.last_at ?? null}
            onTick={(isShown) => onChange(withServer(query, known, id, isShown))}
            onOnly={() => onChange({ ...query, servers: [id], notServers: [] })}
          />
        ))}
      </ul>
      <StreamAndLevel query={query} onChange={onChange} />
    </aside>
  )
}

function StreamAndLevel({ query, onChange }: Pick<RailProps, 'query' | 'onChange'>) {
  const streams = logStreamSchema.options
  const isShown = (stream: LogStream): boolean => query.streams.length === 0 || query.streams.includes(stream)
  function tick(stream: LogStream, isTicked: boolean): void {
    const after = streams.filter((other) => (other === stream ? isTicked : isShown(other)))
    onChange({ ...query, streams: after.length === streams.length ? [] : after })
  }
  return (
    <>
      <div className={styles.head}>
        <h2>Least level</h2>
      </div>
      <div className={styles.level}>
        <LevelSelect query={query} onChange={onChange} />
      </div>
      <div className={styles.head}>
        <h2>Streams</h2>
      </div>
      <ul>
        {streams.map((stream) => (
          <li key={stream}>
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the tick stands inside */}
            <label className={styles.entry}>
              <Checkbox checked={isShown(stream)} onChange={(ticked) => tick(stream, ticked)} />
              <span className={styles.name}>{streamWords[stream]}</span>
            </label>
          </li>
        ))}
      </ul>
    </>
  )
}

/** The least level shown. */
export function LevelSelect({ query, onChange }: Pick<RailProps, 'query' | 'onChange'>) {
  return (
    <Select<LogLevel | 'all'>
      label="Least level shown"
      value={query.level ?? 'all'}
      options={[{ value: 'all', label: 'all levels' }, ...logLevels.map((level) => ({ value: level, label: level }))]}
      onChange={(level) => onChange({ ...query, level: level === 'all' ? null : level })}
    />
  )
}

interface TickProps {
  id: ServerId
  isShown: boolean
  lines: number
  lastAt: string | null
  onTick(isShown: boolean): void
  onOnly(): void
}

const freshMs = 10_000

function ServerTick({ id, isShown, lines, lastAt, onTick, onOnly }: TickProps) {
  const server = useServer(id)
  const nameId = useId()
  const isFresh = useClock((now) => (lastAt !== null && now - Date.parse(lastAt) < freshMs ? 1 : 0)) === 1
  const isWell = server === undefined || ['ready', 'stopped', 'asleep'].includes(server.state)
  return (
    <li className={classNames(styles.entry, !isShown && styles.off)}>
      <Checkbox checked={isShown} labelledBy={nameId} onChange={onTick} />
      <button type="button" id={nameId} className={styles.only} title={`Show ${id} only`} onClick={onOnly}>
        {id}
      </button>
      {!isWell && <StateGlyph detail={server.detail} size={12} />}
      <span className={classNames(styles.count, isFresh && styles.fresh)}>{formatCount(lines)}</span>
    </li>
  )
}
