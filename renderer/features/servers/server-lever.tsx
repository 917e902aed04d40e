import { useState } from 'react'
import type { Server } from '../../../shared/server.ts'
import { useCommand } from '../../client/hooks.ts'
import { Lever } from '../../ui/lever.tsx'
import { isProved } from '../../ui/state-look.ts'

/** The lever of a server. It shows the hand's wish until the engine has answered, then the engine's. */
export function ServerLever({ server, describedBy }: { server: Server; describedBy?: string }) {
  const command = useCommand()
  const [hand, setHand] = useState<boolean | null>(null)
  const wished = hand ?? server.wished
  async function throwLever(next: boolean): Promise<void> {
    setHand(next)
    await command.run((client) =>
      next ? client.servers.start({ id: server.id }) : client.servers.stop({ id: server.id }),
    )
    setHand(null)
  }
  return (
    <Lever
      label={`${server.id}: keep running`}
      wished={wished}
      proved={isProved(server.state, wished)}
      describedBy={describedBy}
      onThrow={(next) => void throwLever(next)}
    />
  )
}
