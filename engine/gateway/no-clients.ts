import type { CallerBook } from './caller.ts'

/** A book that knows nobody: the owner alone uses the gateway. */
export const noClients: CallerBook = {
  callerOf: () => null,
  profile: () => null,
  noteSeen() {},
  noteServed() {},
  noteCall() {},
  onGrantsChanged: () => ({ [Symbol.dispose]() {} }),
}
