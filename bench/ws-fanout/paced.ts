import { setTimeout as delay } from 'node:timers/promises'

/** What a server is asked for over its channel to the benchmark. */
export interface Order {
  readonly messages: number
  readonly perSecond: number
  /** Of the text in each of them. */
  readonly bytes: number
}

/** Publishes so many messages at this rate and makes up for what a late timer left out; says `published` once done. */
export function takeOrders(publish: (text: string) => void): void {
  process.on('message', ({ messages, perSecond, bytes }: Order) => {
    void run({ messages, perSecond, bytes }, publish).then(() => process.send?.('published'))
  })
}

async function run({ messages, perSecond, bytes }: Order, publish: (text: string) => void): Promise<void> {
  const text = 'x'.repeat(bytes)
  const start = performance.now()
  for (let sent = 0; sent < messages; ) {
    const due = Math.min(messages, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1)
    for (; sent < due; sent++) publish(text)
    await delay(1000 / perSecond / 2)
  }
}
