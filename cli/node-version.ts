const neededMajor = 24

/** What to tell a person whose Node is too old; null when it is not. */
export function nodeComplaint(version: string): string | null {
  if (Number.parseInt(version, 10) >= neededMajor) return null
  return `Signalbox needs Node ${neededMajor} or later; this is v${version}. Install a newer one from https://nodejs.org, or run it with npm from the checkout, which brings its own.`
}
