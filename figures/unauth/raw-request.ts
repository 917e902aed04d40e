import { connect } from 'node:net'

/** Longer than the program lets the headers of a request take, and its check for that. */
const patienceMs = 25_000

export interface RawAnswer {
  /** Status of the first answer; 0 where the connection was closed without one. */
  readonly status: number
  /** All that came back; whatever is not refused is read no further than its first bytes. */
  readonly text: string
}

/** Sends these bytes over a connection of its own. Rejects when it is neither answered nor closed. */
export async function rawRequest(port: number, bytes: string): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let text = ''
  socket.setTimeout(patienceMs, () => reject(new Error(`neither answered nor closed, after ${text.length} bytes`)))
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    // A stream or an open socket would not end; that it was opened is all there is to know.
    if (/^HTTP\/1\.1 [12]\d\d .*\r\n\r\n/s.test(text)) resolve(text)
  })
  // What was read of an answer before the connection was cut counts as its answer.
  socket.on('error', () => resolve(text))
  socket.on('close', () => resolve(text))
  socket.write(bytes)
  try {
    const answer = await promise
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0), text: answer }
  } finally {
    socket.destroy()
  }
}
