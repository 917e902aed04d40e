import type { Notice } from '../../shared/snapshot.ts'
import { announce } from '../ui/live-region.tsx'
import { stateLooks } from '../ui/state-look.ts'
import { announceToast, cautionToast, failureToast, withdrawToast } from '../ui/toast.tsx'
import { type Dialler, Refused, switchableClient } from './connection.ts'
import type { EngineClient } from './engine-client.ts'
import { pause } from './pause.ts'
import { receive, useEngineStore } from './store.ts'

const firstDelayMs = 250
const longestDelayMs = 5000

/** Keeps the page connected until aborted: dials, follows the event stream, and begins again after a break. */
export function connectEngine(dialler: Dialler, signal: AbortSignal): EngineClient {
  const { client, use } = switchableClient()
  void keepConnected()
  return client

  async function keepConnected(): Promise<void> {
    let attempt = 0
    while (!signal.aborted) {
      try {
        const { link, closed } = await dialler.open(signal)
        attempt = 0
        use(link)
        useEngineStore.setState((state) => ({ connection: { kind: 'open' }, generation: state.generation + 1 }))
        await Promise.race([followEvents(client, signal), closed])
      } catch (error) {
        if (error instanceof Refused) {
          useEngineStore.setState({ connection: { kind: 'refused' } })
          return
        }
        // Any other break is told by the banner and mended by the next try.
      }
      use(null)
      attempt += 1
      useEngineStore.setState({ connection: { kind: 'lost', attempt } })
      await pause(Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1)), signal)
    }
  }
}

/** Feeds the store from the event stream until it ends; picks up where the last one stopped. */
export async function followEvents(client: EngineClient, signal: AbortSignal): Promise<void> {
  const { epoch, seq } = useEngineStore.getState()
  const input = epoch === null ? {} : { epoch, after: seq }
  for await (const message of await client.app.events(input, { signal })) {
    const told = receive(message)
    for (const notice of told.notices) showNotice(notice)
    if (told.isApproved) withdrawToast('approvals')
    for (const change of told.states) announce(`${change.id}: ${stateLooks[change.to].word.toLowerCase()}`)
  }
}

function showNotice(notice: Notice): void {
  const links = [
    ...(notice.topic === 'approvals' ? [{ label: 'Review', href: '/approvals' }] : []),
    ...(notice.task_id ? [{ label: 'Open task', href: `/tasks/${notice.task_id}` }] : []),
    ...(notice.server ? [{ label: 'Open server', href: `/servers/${encodeURIComponent(notice.server)}` }] : []),
  ]
  const text = { title: notice.title, message: notice.message, links, topic: notice.topic }
  if (notice.severity === 'danger')
    failureToast({ code: notice.id, message: notice.title, hint: notice.message }, links)
  else if (notice.severity === 'caution') cautionToast(text)
  else announceToast(text)
}
