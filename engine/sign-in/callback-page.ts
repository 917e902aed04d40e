/** What the browser shows when the authorization server has led back to us. */
export interface CallbackAnswer {
  readonly status: 200 | 400 | 403
  readonly title: string
  readonly text: string
}

/** The answer where no sign-in waits. */
export const unexpectedCallback: CallbackAnswer = {
  status: 403,
  title: 'No sign-in waits for this',
  text: 'It was used before, given up, or waited too long. Start again in Signalbox.',
}

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem;color-scheme:light dark}h1{font-size:1.25rem}'

/** Plain words, no script, nothing of what came in the address. */
export function callbackPage({ status, title, text }: CallbackAnswer): Response {
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)} – Signalbox</title><style>${style}</style><h1>${escaped(title)}</h1><p>${escaped(text)}</p></html>`
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  })
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => escapes[char]!)
}
