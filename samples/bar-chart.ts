import { crc32, deflateSync } from 'node:zlib'

const width = 320
const height = 160
const margin = 12
const paper = [0xfb, 0xfc, 0xfb] as const
const ink = [0x1f, 0x4e, 0x8c] as const
const line = [0x9a, 0xa5, 0xa0] as const

type Colour = readonly [number, number, number]

/** A bar chart of values from 0 up, as the bytes of a PNG of 320 x 160 pixels. */
export function barChart(values: readonly number[]): Buffer {
  // Each row of a PNG begins with the number of its filter; 0 is none.
  const stride = 1 + width * 3
  const pixels = Buffer.alloc(stride * height)
  const fill = (left: number, top: number, right: number, bottom: number, colour: Colour) => {
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) pixels.set(colour, y * stride + 1 + x * 3)
    }
  }
  const floor = height - margin
  const step = (width - 2 * margin) / values.length
  const highest = Math.max(...values, 1e-9)

  fill(0, 0, width, height, paper)
  values.forEach((value, index) => {
    const left = Math.round(margin + index * step + step * 0.1)
    const right = Math.max(left + 1, Math.round(margin + (index + 1) * step - step * 0.1))
    fill(left, floor - Math.round((value / highest) * (height - 2 * margin)), right, floor, ink)
  })
  fill(margin, floor, width - margin, floor + 1, line)

  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a channel, red, green and blue.
  header.set([8, 2], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND')])
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
