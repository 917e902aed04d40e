import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { LogBuffer } from '../../renderer/features/logs/log-buffer.ts'
import { LogRow } from '../../renderer/features/logs/log-row.tsx'
import { RowWindow } from '../../renderer/features/logs/row-window.tsx'
import { Sprite } from '../../renderer/ui/sprite.tsx'
import type { LogLine } from '../../shared/log.ts'
import '../../renderer/tokens.css'
import '../../renderer/base.css'
import { lineAt } from './lines.ts'
import type { Frames } from './page-window.ts'
import './page.css'

const query = new URLSearchParams(location.search)
const list = query.get('list')
const buffer = new LogBuffer(4_000_000)
buffer.append(Array.from({ length: Number(query.get('lines')) }, (_, seq) => lineAt(seq)))

let version = 0
const listeners = new Set<() => void>()
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const useVersion = (): number => useSyncExternalStore(subscribe, () => version)
const noOpen = (_line: LogLine): void => {}

function row(place: number) {
  const line = buffer.at(place)
  if (!line) return null
  const isSameServer = buffer.at(place - 1)?.server === line.server
  return <LogRow line={line} isSameServer={isSameServer} isOpen={false} mark="" zone="utc" onOpen={noOpen} />
}

function OwnList() {
  useVersion()
  const [isStuck, setStuck] = useState(true)
  return (
    <RowWindow
      role="log"
      label="Lines"
      first={buffer.first}
      end={buffer.end}
      rowHeight={20}
      edge="end"
      isStuck={isStuck}
      onStuckChange={setStuck}
      renderRow={row}
    />
  )
}

function TanStackList() {
  useVersion()
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: buffer.length,
    getScrollElement: useCallback(() => scroller.current, []),
    estimateSize: useCallback(() => 20, []),
    overscan: 6,
  })
  const isStuck = useRef(true)
  useEffect(() => {
    if (isStuck.current) scroller.current!.scrollTop = scroller.current!.scrollHeight
  })
  return (
    <div
      ref={scroller}
      className="scroller"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isStuck.current = scrollTop + clientHeight >= scrollHeight - 2
      }}
    >
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map((item) => (
          <div key={item.key} className="row" style={{ transform: `translateY(${item.start}px)` }}>
            {row(item.index)}
          </div>
        ))}
      </div>
    </div>
  )
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
const middleRow = (): string | null => {
  const element = document.elementFromPoint(innerWidth / 2, innerHeight / 2)
  return element?.closest<HTMLElement>('[data-seq]')?.dataset.seq ?? null
}

async function frames(ms: number, each: () => boolean): Promise<Frames> {
  const start = await frame()
  let [count, blank, now] = [0, 0, start]
  while (now - start < ms) {
    const isGood = each()
    now = await frame()
    count += 1
    if (!isGood) blank += 1
  }
  return { fps: (count * 1000) / (now - start), blank }
}

const startedAt = performance.now()
const lists = { own: OwnList, tanstack: TanStackList, idle: () => null }
const List = lists[list as keyof typeof lists]
createRoot(document.getElementById('root')!).render(
  <>
    <Sprite />
    <List />
  </>,
)

async function painted(): Promise<number> {
  while (list !== 'idle' && middleRow() === null) await frame()
  await frame()
  return performance.now() - startedAt
}

window.bench = {
  firstPaintMs: await painted(),
  idle: (ms) => frames(ms, () => true),
  scroll: (pxPerFrame, ms) => {
    const scroller = [...document.querySelectorAll('div')].find((one) => one.scrollHeight > one.clientHeight + 1)!
    let before = ''
    return frames(ms, () => {
      // What the last step brought is on the screen now, unless the list is behind.
      const seq = middleRow()
      const isGood = seq !== null && seq !== before
      before = seq ?? ''
      scroller.scrollTop -= pxPerFrame
      return isGood
    })
  },
  tail: async (batches, linesEach, everyMs) => {
    for (let batch = 0; batch < batches; batch++) {
      buffer.append(Array.from({ length: linesEach }, (_, index) => lineAt(buffer.end + index)))
      version += 1
      for (const listener of listeners) listener()
      await new Promise((resolve) => setTimeout(resolve, everyMs))
      // A machine that is behind takes longer, but does as much.
      await frame()
    }
  },
  showsEnd: () => document.querySelector(`[data-seq="${buffer.end - 1}"]`) !== null,
}
