import type { Page } from '@playwright/test'

/** What a page must never have seen; each entry says what it was. */
export class Witness {
  readonly offences: string[] = []
  readonly #page: Page
  readonly #origin: string

  private constructor(page: Page, origin: string) {
    this.#page = page
    this.#origin = origin
  }

  /** Watches a page from before its first script. */
  static async on(page: Page, origin: string): Promise<Witness> {
    const witness = new Witness(page, origin)
    await page.exposeFunction('tellWitness', (what: string) => witness.offences.push(what))
    await page.addInitScript(watchDocument)
    page.on('dialog', (dialog) => {
      witness.offences.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('popup', (popup) => witness.offences.push(`a window: ${popup.url()}`))
    page.on('download', (download) => witness.offences.push(`a download: ${download.url()}`))
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:')) {
        witness.offences.push(`a request: ${url}`)
      }
    })
    page.on('framenavigated', (frame) => {
      if (!frame.url().startsWith(origin) && frame.url() !== 'about:blank') {
        witness.offences.push(`a navigation: ${frame.url()}`)
      }
    })
    return witness
  }

  /** The offences so far, with what only a look at the whole document shows. */
  async look(): Promise<string[]> {
    const live = await this.#page.evaluate((origin) => {
      const hosts = [...document.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? [])
      const leading = '[href], [src], [action], [formaction], [srcdoc]'
      const links = [document, ...hosts].flatMap((root) => [...root.querySelectorAll<HTMLElement>(leading)])
      return links
        .map((element) => ({ element, target: element.getAttribute('href') ?? element.getAttribute('src') ?? '' }))
        .filter(({ target }) => !target.startsWith('#') && !target.startsWith('data:image/'))
        .filter(({ target }) => new URL(target, document.baseURI).origin !== origin)
        .map(({ element }) => `a live link: ${element.outerHTML.slice(0, 200)}`)
    }, this.#origin)
    return [...this.offences.splice(0), ...live]
  }
}

/** Runs in the page. Everything that it uses must stand in it. */
function watchDocument(): void {
  const tell = (what: string): void =>
    void (globalThis as unknown as { tellWitness(what: string): void }).tellWitness(what)
  const ran = (): void => tell('a script ran')
  // Some of the texts are all capitals.
  Object.assign(globalThis, { ran, RAN: ran })
  document.addEventListener('securitypolicyviolation', (event) => {
    tell(`a report of the content security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
  })
  const forbidden = 'script, iframe, object, embed, form[action], base, meta[http-equiv], link[rel=stylesheet]'
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof Element) || document.readyState === 'loading') continue
        for (const element of [node, ...node.querySelectorAll('*')]) {
          const handler = element.getAttributeNames().find((name) => name.startsWith('on'))
          if (handler !== undefined) tell(`a handler: ${element.outerHTML.slice(0, 200)}`)
          if (element.matches(forbidden)) tell(`an element: ${element.outerHTML.slice(0, 200)}`)
        }
      }
    }
  }).observe(document, { subtree: true, childList: true })
}
