import type { ConsentGate } from './consent-gate.ts'

/** For who has asked already, and for tests of how servers are run: nothing is held back, nothing is kept. */
export const agreesToAll: ConsentGate = {
  admit: async () => {},
  held: () => [],
  review: () => ({ status: 'agreed', seen: '', agreed_at: null, agreed_by: null, fields: [], tools: [] }),
  approve: async () => {},
}
