import { useState } from 'react'
import type { LogLine } from '../../../shared/log.ts'
import type { EngineClient } from '../../client/engine-client.ts'
import { useStream } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { AnsiText } from '../../ui/ansi-text.tsx'
import { formatClock } from '../../ui/format.ts'
import styles from './last-lines.module.css'

/** The last lines that a server said, live, in a reserved height. */
export function LastLines({ server, count }: { server: string; count: number }) {
  const [lines, setLines] = useState<readonly LogLine[] | null>(null)
  const zone = usePreferences((state) => state.zone)
  const failure = useStream(
    server,
    async (client, signal) => followLast(client, signal, server, count),
    (more) => setLines((before) => [...(before ?? []), ...more].slice(-count)),
  )
  if (failure) return <p className={styles.none}>{failure.message}</p>
  if (lines?.length === 0) return <p className={styles.none}>It has said nothing yet.</p>
  return (
    <div className={styles.lines} style={{ minHeight: `${count * 18}px` }}>
      {lines?.map((line) => (
        <div key={line.seq} className={styles.line}>
          <span className={styles.time}>{formatClock(line.at, zone, true)}</span>
          <AnsiText text={line.text} />
        </div>
      ))}
    </div>
  )
}

async function* followLast(
  client: EngineClient,
  signal: AbortSignal,
  server: string,
  count: number,
): AsyncGenerator<readonly LogLine[]> {
  const stored = await client.logs.list({ server: [server], limit: count }, { signal })
  yield stored.items.toReversed()
  const after = stored.items[0]?.seq
  for await (const batch of await client.logs.tail(
    { server: [server], ...(after === undefined ? {} : { after }) },
    { signal },
  )) {
    yield batch.lines
  }
}
