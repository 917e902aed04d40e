import { createSessions } from '../../engine/api/sessions.ts'
import { createTestRouter } from '../../engine/api/test-router.ts'
import { unexpectedCallback } from '../../engine/sign-in/callback-page.ts'
import { closedDoor } from '../../engine/webhooks/webhook-door.ts'

/** What the routes stand on: a router of made-up answers, and no page. */
export const routeParts = {
  router: createTestRouter().router,
  version: '0.0.0',
  url: 'http://localhost',
  cookieName: 'none',
  sessions: createSessions(),
  finishSignIn: async () => unexpectedCallback,
  webhooks: closedDoor,
  scrape: async () => null,
  pageDir: null,
}
