import type { AttentionItem } from '../../../shared/snapshot.ts'
import type { ActionContext } from '../../actions.ts'
import { announceToast } from '../../ui/toast.tsx'
import { serverHref } from '../../view-state.ts'
import { openSignIn } from '../servers/open-sign-in.ts'

/** Does the one thing that an item of the attention list asks for. */
export async function doAttentionAction(item: AttentionItem, { client, go }: ActionContext): Promise<void> {
  const { server } = item
  switch (item.action.kind) {
    case 'start':
      if (server) await client.servers.start({ id: server })
      return
    case 'restart':
      if (server) await client.servers.restart({ id: server })
      return
    case 'sign_in':
      if (server) await openSignIn(client, server)
      return
    case 'open_server':
      return go(server ? serverHref(server) : '/servers')
    case 'open_log':
      return go(server ? serverHref(server, 'logs') : '/logs')
    case 'open_config':
      return go(server ? serverHref(server, 'config') : '/servers')
    case 'open_task':
      return go(item.task_id ? `/tasks/${item.task_id}` : '/tasks')
    case 'open_approvals':
      return go('/approvals')
    case 'open_questions': {
      const [first] = (await client.app.snapshot()).questions
      return go(first === undefined ? '/' : `/?question=${first.id}`)
    }
    case 'open_clients':
      return go('/clients')
    case 'open_config_file': {
      // A page may not open files of the machine; it can hand over where the file is.
      const { config } = await client.app.snapshot()
      await navigator.clipboard.writeText(config.path)
      announceToast({ title: 'Path copied', message: config.path })
      return
    }
    default:
      item.action.kind satisfies never
  }
}
