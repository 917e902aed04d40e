import type { Chromium } from './chromium.ts'

/** The one Chromium behind this process, from the moment that it listens. */
const started = Promise.withResolvers<Chromium>()

export const browser: Promise<Chromium> = started.promise
export const announceBrowser = (chromium: Chromium): void => started.resolve(chromium)
