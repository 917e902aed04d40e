/** The width of one point: `minute`, `5 min`, `hour`, `6 h`. */
export function stepText(stepS: number): string {
  if (stepS === 60) return 'minute'
  if (stepS < 3600) return `${stepS / 60} min`
  return stepS === 3600 ? 'hour' : `${stepS / 3600} h`
}
