import type { Sqlite } from './sqlite.ts'

/** Bytes of a database that hold something; what was removed leaves room that is used again first. */
export function usedBytes(sqlite: Sqlite): number {
  const number = (name: string): number => Number(sqlite.pragma(name, { simple: true }))
  return (number('page_count') - number('freelist_count')) * number('page_size')
}
