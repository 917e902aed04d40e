// Draws the logo into the pictures that only exist as pixels: the tray's icons and the one that packages are made with.
// Run it when the logo changes: node scripts/draw-icons.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from './find-browser.ts'

const logo = /<path[^>]*\/>/.exec(readFileSync('renderer/public/icon.svg', 'utf8'))?.[0]
if (logo === undefined) throw new Error('renderer/public/icon.svg has no path')

const ink = { dark: '#000000', light: '#ffffff' } as const
const plate = '#173f70'

const executablePath = findBrowser()
if (executablePath === null) throw new Error('Install Chromium, Chrome or Edge')
await using browser = await chromium.launch({ executablePath })
const page = await browser.newPage()

const trayIcons = Object.fromEntries(
  await Promise.all(
    Object.entries(ink).map(async ([theme, colour]) => [
      theme,
      { plain: await pair(trayDrawing(colour, false)), needsYou: await pair(trayDrawing(colour, true)) },
    ]),
  ),
)
writeFileSync('electron/tray-icons.json', `${JSON.stringify(trayIcons, null, 2)}\n`)

mkdirSync('electron/build', { recursive: true })
writeFileSync('electron/build/icon.png', Buffer.from(dataOf(await draw(page, appDrawing(), 1024)), 'base64'))

/** Sixteen points, at one and at two pixels a point. */
async function pair(drawing: string): Promise<{ small: string; large: string }> {
  return { small: await draw(page, drawing, 16), large: await draw(page, drawing, 32) }
}

function trayDrawing(colour: string, needsYou: boolean): string {
  const dot = needsYou ? `<circle cx="2.4" cy="2.4" r="2.4" fill="${colour}" />` : ''
  const levers = needsYou ? `<g mask="url(#clear)">${logo}</g>` : logo
  const mask = '<mask id="clear"><rect width="16" height="16" fill="#fff"/><circle cx="2.4" cy="2.4" r="3.4"/></mask>'
  return svg(`${needsYou ? mask : ''}<g color="${colour}">${levers}</g>${dot}`)
}

function appDrawing(): string {
  const inner = `<g color="#fff" transform="translate(3.4 3.2) scale(0.575)">${logo}</g>`
  return svg(`<rect x="0.8" y="0.8" width="14.4" height="14.4" rx="2.6" fill="${plate}"/>${inner}`)
}

function svg(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${content}</svg>`
}

/** A drawing as a PNG of `size` pixels a side, as a data URL. */
async function draw(on: Page, drawing: string, size: number): Promise<string> {
  return on.evaluate(
    async ({ source, side }) => {
      const image = new Image(side, side)
      image.src = `data:image/svg+xml,${encodeURIComponent(source)}`
      await image.decode()
      const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side })
      canvas.getContext('2d')?.drawImage(image, 0, 0, side, side)
      return canvas.toDataURL('image/png')
    },
    { source: drawing, side: size },
  )
}

function dataOf(url: string): string {
  return url.slice(url.indexOf(',') + 1)
}
