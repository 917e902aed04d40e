// Draws the logo into the pictures that only exist as pixels: the tray's icons and the one that packages are made with.
// Run it when the logo changes: node scripts/draw-icons.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { findBrowser } from './find-browser.ts'

const logo = /<path[^>]*\/>/.exec(readFileSync('renderer/icon.svg', 'utf8'))?.[0]
if (logo === undefined) throw new Error('renderer/icon.svg has no path')

interface Pair {
  small: string
  large: string
}

const ink = { dark: '#000000', light: '#ffffff' } as const
const plate = '#173f70'

const executablePath = findBrowser()
if (executablePath === null) throw new Error('Install Chromium, Chrome or Edge')
await using browser = await chromium.launch({ executablePath })
const page = await browser.newPage()

const trayIcons: Record<string, { plain: Pair; needsYou: Pair }> = {}
for (const [theme, colour] of Object.entries(ink)) {
  trayIcons[theme] = { plain: await pair(trayDrawing(colour, false)), needsYou: await pair(trayDrawing(colour, true)) }
}
writeFileSync('electron/tray-icons.json', `${JSON.stringify(trayIcons, null, 2)}\n`)

mkdirSync('electron/build', { recursive: true })
writeFileSync('electron/build/icon.png', Buffer.from((await draw(appDrawing(), 1024)).replace(/^.*,/, ''), 'base64'))

/** Sixteen points, at one and at two pixels a point. */
async function pair(drawing: string): Promise<Pair> {
  return { small: await draw(drawing, 16), large: await draw(drawing, 32) }
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
async function draw(drawing: string, size: number): Promise<string> {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body{margin:0} svg{display:block;width:${size}px}</style>${drawing}`)
  const png = await page.screenshot({ omitBackground: true })
  return `data:image/png;base64,${png.toString('base64')}`
}
