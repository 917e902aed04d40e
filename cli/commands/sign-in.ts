import type { ServerId } from '../../shared/ids.ts'
import type { SignInStatus } from '../../shared/sign-in.ts'
import { applyEvent, type Snapshot } from '../../shared/snapshot.ts'
import { type Client, withClient } from '../client.ts'
import type { Command, Invocation } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { openAddress } from '../open-page.ts'
import { cell } from '../output.ts'

export const signIn: Command = {
  name: 'sign-in',
  usage: 'SERVER [--no-open]',
  summary: 'Sign in to a remote server in the browser of this machine, and wait until that is done',
  options: { 'no-open': { type: 'boolean' } },
  takes: [1, 1],
  run: startSignIn,
}

export const signOut: Command = {
  name: 'sign-out',
  usage: 'SERVER',
  summary: 'Forget the tokens of a remote server, and have them revoked where that is offered',
  options: {},
  takes: [1, 1],
  async run({ args, home, output }) {
    const id = args[0] as ServerId
    const answer = await withClient(home, (client) => client.signIn.signOut({ id }))
    if (output.isJson) output.json(answer)
    else output.line(answer.signed_out ? `Signed out of ${cell(id)}.` : `Nobody was signed in to ${cell(id)}.`)
    return exitCodes.done
  },
}

async function startSignIn({ args, home, output, flag, signal }: Invocation): Promise<ExitCode> {
  const id = args[0] as ServerId
  const status = await withClient(home, async (client) => {
    const { url } = await client.signIn.start({ id })
    if (flag('no-open') || !(await openAddress(url))) output.note(`Sign in at ${url}`)
    else output.note('Sign in on the page that has opened in your browser.')
    try {
      return await outcome(client, id, signal)
    } finally {
      // Who does not wait for it any more does not want it; nothing happens to one that is over.
      await client.signIn.cancel({ id }).catch(() => {})
    }
  })
  if (output.isJson) output.json(status)
  if (status.status === 'signed_in') {
    if (!output.isJson) output.line(`Signed in to ${cell(id)}.`)
    return exitCodes.done
  }
  output.note(status.failure === null ? 'The sign-in was given up.' : cell(status.failure.message))
  if (status.failure?.hint) output.note(cell(status.failure.hint))
  return exitCodes.failed
}

/** How it stands once nobody waits any more. */
async function outcome(client: Client, id: ServerId, signal: AbortSignal): Promise<SignInStatus> {
  let snapshot: Snapshot | null = null
  for await (const message of await client.app.events({}, { signal })) {
    if (message.kind === 'snapshot') snapshot = message.snapshot
    else for (const event of message.events) snapshot = applyEvent(snapshot!, event)
    const status = snapshot!.sign_ins.find(({ server }) => server === id)
    if (status !== undefined && status.status !== 'waiting') return status
  }
  return { server: id, status: 'signed_out', failure: null }
}
