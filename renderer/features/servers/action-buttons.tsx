import { useLocation } from 'wouter'
import type { Server } from '../../../shared/server.ts'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import styles from './action-buttons.module.css'
import { nextSteps, type ServerActionKind, serverActions } from './server-actions.ts'

interface ActionButtonsProps {
  server: Server
  size?: 'small' | 'normal'
  /** False where another part of the pane holds the one primary button. */
  leads?: boolean
}

/** What to do next with a server: the first is the primary, the next plain, the rest quiet. */
export function ActionButtons({ server, size = 'small', leads = true }: ActionButtonsProps) {
  const { actions } = nextSteps(server)
  return (
    <div className={styles.actions}>
      {actions.map((kind, index) => (
        <ActionButton
          key={kind}
          id={server.id}
          kind={kind}
          size={size}
          variant={variantAt(leads ? index : index + 1)}
        />
      ))}
    </div>
  )
}

function variantAt(index: number): 'primary' | 'plain' | 'quiet' {
  return index === 0 ? 'primary' : index === 1 ? 'plain' : 'quiet'
}

interface ActionButtonProps {
  id: string
  kind: ServerActionKind
  size: 'small' | 'normal'
  variant: 'primary' | 'plain' | 'quiet'
}

function ActionButton({ id, kind, size, variant }: ActionButtonProps) {
  const command = useCommand()
  const [, go] = useLocation()
  const action = serverActions[kind]
  return (
    <Button
      size={size}
      variant={variant}
      busy={command.isBusy}
      onClick={() => void command.run(async (client) => action.run(id)({ client, go }))}
    >
      {action.label}
    </Button>
  )
}
