import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

const maxLineLength = 64 * 1024

/** Calls `onLine` for each line of the stream, without its line end; a longer line is cut. Resolves at the end. */
export async function splitLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string): void => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) onLine(line.replace(/\r$/, ''))
    while (rest.length > maxLineLength) {
      onLine(rest.slice(0, maxLineLength))
      rest = rest.slice(maxLineLength)
    }
  }
  await new Promise<void>((resolve) => {
    stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)))
    stream.once('error', () => resolve())
    stream.once('close', () => resolve())
    stream.once('end', () => resolve())
  })
  take(decoder.end())
  if (rest !== '') onLine(rest)
}
