import { randomUUID } from 'node:crypto'

/**
 * What a runner of GitHub Actions reads in the output of a step it may take for a command to itself, and some of ours comes from
 * strangers. Until disposed it takes none; elsewhere nothing is written.
 */
export function withoutWorkflowCommands(env: NodeJS.ProcessEnv, write: (line: string) => void): Disposable {
  if (env.GITHUB_ACTIONS !== 'true') return { [Symbol.dispose]: () => {} }
  const token = randomUUID()
  write(`::stop-commands::${token}`)
  return { [Symbol.dispose]: () => write(`::${token}::`) }
}
