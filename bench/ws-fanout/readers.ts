// Many WebSocket clients in one process, as cheap as they can be: `readers.ts URL COUNT TOKEN`. Says `ready` once all of them
// follow the topic; asked for a count of messages, says what came once each of them has as many, or nothing came for a while.
// Asked to `stall`, none of them reads on.
import { connect, type Socket } from 'node:net'

export interface Report {
  /** Over all readers. */
  readonly received: number
  /** Readers whose numbers were not 1, 2, 3 and so on. */
  readonly disordered: number
  readonly gaps: number
}

class Reader {
  received = 0
  gaps = 0
  isInOrder = true
  #rest: Buffer = Buffer.alloc(0)
  readonly socket: Socket
  readonly isFollowing: Promise<void>

  constructor(url: URL, token: string) {
    this.socket = connect(Number(url.port), url.hostname)
    const head = [
      `GET ${url.pathname} HTTP/1.1`,
      `Host: ${url.host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
    ]
    this.socket.write(`${head.join('\r\n')}\r\n\r\n`)
    this.isFollowing = new Promise((resolve, reject) => {
      const onHead = (chunk: Buffer): void => {
        this.#rest = Buffer.concat([this.#rest, chunk])
        const end = this.#rest.indexOf('\r\n\r\n')
        if (end < 0) return
        if (!this.#rest.toString('latin1', 0, 12).endsWith('101')) reject(new Error(this.#rest.toString('latin1')))
        this.socket.off('data', onHead)
        const frames = this.#rest.subarray(end + 4)
        this.#rest = Buffer.alloc(0)
        this.socket.on('data', (bytes: Buffer) => this.#take(bytes, resolve))
        this.#take(frames, resolve)
        if (token === '') resolve()
        else this.socket.write(masked('{"type":"subscribe","topic":"events.webhook.received"}'))
      }
      this.socket.on('data', onHead)
      this.socket.on('error', reject)
    })
  }

  #take(chunk: Buffer, onSubscribed: () => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    for (;;) {
      const length = bytes[at + 1]
      if (length === undefined) break
      const header = length < 126 ? 2 : length === 126 ? 4 : 10
      if (bytes.length < at + header) break
      const size =
        length < 126 ? length : length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
      if (bytes.length < at + header + size) break
      if (bytes[at] === 0x81)
        this.#read(bytes.toString('latin1', at + header, at + header + Math.min(size, 120)), onSubscribed)
      else if (bytes[at] === 0x89) this.socket.write(pong)
      at += header + size
    }
    this.#rest = bytes.subarray(at)
  }

  #read(start: string, onSubscribed: () => void): void {
    if (start.startsWith('{"type":"event"')) {
      this.received++
      if (Number(/"seq":(\d+)/.exec(start)![1]) !== this.received) this.isInOrder = false
    } else if (start.startsWith('{"type":"gap"')) this.gaps++
    else if (start.startsWith('{"type":"subscribed"')) onSubscribed()
  }
}

/** Who answers no ping is cut off. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0])

/** A short text frame of a client, with the key that changes nothing. */
function masked(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}

const [url = '', count = '0', token = ''] = process.argv.slice(2)
const readers: Reader[] = []
for (let opened = 0; opened < Number(count); opened++) {
  const reader = new Reader(new URL(url), token)
  readers.push(reader)
  if (opened % 50 === 49) await reader.isFollowing
}
await Promise.all(readers.map(({ isFollowing }) => isFollowing))
process.on('message', (order: number | 'stall') => {
  if (order === 'stall') {
    for (const { socket } of readers) socket.pause()
    process.send?.('stalled')
    return
  }
  let before = -1
  let quiet = 0
  const timer = setInterval(() => {
    const received = readers.reduce((sum, one) => sum + one.received, 0)
    quiet = received === before ? quiet + 1 : 0
    before = received
    if (received < order * readers.length && quiet < 100) return
    clearInterval(timer)
    const disordered = readers.filter(({ isInOrder }) => !isInOrder).length
    const gaps = readers.reduce((sum, one) => sum + one.gaps, 0)
    const report: Report = { received, disordered, gaps }
    process.send?.(report)
  }, 100)
})
process.send?.('ready')
