import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ServerId } from '../../../shared/ids.ts'
import { edited, memberText } from '../../links/json-text.ts'
import type { Caller } from '../caller.ts'

const prefix = 'sbx.'
const purpose = 'signalbox tasks of clients v1'
const macBytes = 16

/**
 * Ids of tasks as clients know them. One says whose server's task it is and is bound to the client that it was given to, so
 * that it leads nowhere for another; nothing of that is kept, so that it also does after a restart.
 */
export class ServedTasks {
  readonly #key: Buffer

  constructor(ownerToken: string) {
    this.#key = createHmac('sha256', ownerToken).update(purpose).digest()
  }

  /** The JSON of a result that names a task, with the id that this client can come back with. */
  named(caller: Caller, server: ServerId, text: string): string {
    const taskId = memberText(text, 'taskId')
    if (!taskId?.startsWith('"')) return text
    return edited(text, { taskId: JSON.stringify(this.served(caller, server, JSON.parse(taskId) as string)) })
  }

  served(caller: Caller, server: ServerId, taskId: string): string {
    const parts = [server, taskId].map((text) => encoded(Buffer.from(text, 'utf8')))
    return prefix + [...parts, encoded(this.#mac(caller, server, taskId))].join('.')
  }

  /** Where an id that this client holds leads; null when it was never given to it. */
  owned(caller: Caller, served: string): { server: ServerId; taskId: string } | null {
    if (!served.startsWith(prefix)) return null
    const texts = served.slice(prefix.length).split('.')
    const [server, taskId, mac] = texts.map((text) => Buffer.from(text, 'base64url'))
    // Decoding is lenient: what does not come out as it went in was never given out.
    if (texts.length !== 3 || [server, taskId, mac].some((bytes, index) => encoded(bytes!) !== texts[index]))
      return null
    const found = { server: server!.toString('utf8') as ServerId, taskId: taskId!.toString('utf8') }
    const own = this.#mac(caller, found.server, found.taskId)
    return mac!.length === own.length && timingSafeEqual(mac!, own) ? found : null
  }

  #mac({ client, origin }: Caller, server: string, taskId: string): Buffer {
    const told = JSON.stringify([client ?? origin, server, taskId])
    return createHmac('sha256', this.#key).update(told).digest().subarray(0, macBytes)
  }
}

const encoded = (bytes: Buffer): string => bytes.toString('base64url')
