import { useState } from 'react'
import type { Failure } from '../../../shared/app-error.ts'
import type { MissedAnswer } from '../../../shared/missed-deliveries.ts'
import { callFailure } from '../../client/engine-client.ts'
import { useCall, useEngine } from '../../client/hooks.ts'
import { entered, freeSecretName } from './missed-words.ts'

interface Asked {
  repository: string
  /** The name of a secret, or `entered`: then `value` is kept first. */
  token: string
  value: string
  /** Empty: the one that sends here. */
  hook: string
  /** Empty: GitHub's own. */
  api: string
}

type Request = { repository: string; token: string; hook_id?: number; api_url?: string }

/** The question to GitHub, its answer, and having it send once more. */
export function useMissed() {
  const engine = useEngine()
  const list = useCall('secrets', (client, signal) => client.secrets.list(undefined, { signal }))
  const [request, setRequest] = useState<Request | null>(null)
  const [answer, setAnswer] = useState<MissedAnswer | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [isBusy, setBusy] = useState(false)
  const secrets = list.kind === 'done' ? list.data.items.filter(({ is_set }) => is_set).map(({ name }) => name) : []

  async function attempt(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await work()
    } catch (error) {
      setFailure(callFailure(error))
    } finally {
      setBusy(false)
    }
  }

  return {
    /** Names of those that are stored. */
    secrets,
    answer,
    failure,
    isBusy,
    look: ({ repository, token, value, hook, api }: Asked): Promise<void> =>
      attempt(async () => {
        const name = token === entered ? freeSecretName(secrets) : token
        if (token === entered) {
          await engine.secrets.set({ name, value })
          list.reload()
        }
        const asked: Request = {
          repository,
          token: name,
          ...(hook !== '' && { hook_id: Number(hook) }),
          ...(api !== '' && { api_url: api }),
        }
        setRequest(asked)
        setAnswer(await engine.webhooks.missed(asked))
      }),
    redeliver: (): Promise<void> =>
      attempt(async () => {
        if (request !== null) setAnswer(await engine.webhooks.missed({ ...request, redeliver: true }))
      }),
  }
}
