import type { Command } from './command.ts'
import { approvals, approve, deny } from './commands/approvals.ts'
import { backup, restore } from './commands/backup.ts'
import { call } from './commands/call.ts'
import { clients } from './commands/clients.ts'
import { connect } from './commands/connect.ts'
import { connectClient } from './commands/connect-client.ts'
import { consent } from './commands/consent.ts'
import { deliveries } from './commands/deliveries.ts'
import { doctor } from './commands/doctor.ts'
import { exportAll } from './commands/export.ts'
import { logs } from './commands/logs.ts'
import { ls } from './commands/ls.ts'
import { newServer } from './commands/new.ts'
import { open } from './commands/open.ts'
import { profiles } from './commands/profiles.ts'
import { rules } from './commands/rules.ts'
import { run } from './commands/run.ts'
import { secret } from './commands/secret.ts'
import { serve } from './commands/serve.ts'
import { settings } from './commands/settings.ts'
import { signIn, signOut } from './commands/sign-in.ts'
import { restart, start, stop } from './commands/start-stop.ts'
import { status } from './commands/status.ts'
import { task } from './commands/task.ts'
import { tasks } from './commands/tasks.ts'
import { tools } from './commands/tools.ts'
import { version } from './commands/version.ts'
import { webhooks } from './commands/webhooks.ts'

/** In the order of the help; `help` itself is read before. */
export const commands: readonly Command[] = [
  serve,
  connect,
  open,
  status,
  ls,
  start,
  stop,
  restart,
  consent,
  logs,
  tools,
  call,
  tasks,
  task,
  approvals,
  approve,
  deny,
  clients,
  profiles,
  connectClient,
  rules,
  webhooks,
  deliveries,
  run,
  secret,
  signIn,
  signOut,
  doctor,
  newServer,
  settings,
  backup,
  restore,
  exportAll,
  version,
]
