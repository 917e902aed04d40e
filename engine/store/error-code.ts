/** The code of an error of SQLite, for example `SQLITE_FULL`, or of the system, for example `EACCES`; else null. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
