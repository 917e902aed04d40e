import type { Held } from '../../../shared/settings-contract.ts'
import { useCall, useSnapshot } from '../../client/hooks.ts'

/** What the stores hold; null until it is known. Asked anew when a limit changes. */
export function useHeld(): { tasks: Held; logs: Held } | null {
  const version = useSnapshot((snapshot) => JSON.stringify(snapshot.settings))
  const answer = useCall('settings', (client, signal) => client.settings.get(undefined, { signal }), version)
  return answer.kind === 'done' ? answer.data.held : null
}
