/**
 * A schedule as a clause after "it is": `09:00 on working days`, `09:30 every day`. One that says more than a time of day
 * and days of the week stays as it is written.
 */
export function cronWords(cron: string): string {
  const [minute, hour, day, month, weekday, ...more] = cron.trim().split(/\s+/)
  const days = weekdays[weekday ?? '']
  const isPlain = isNumber(minute) && isNumber(hour) && day === '*' && month === '*' && more.length === 0
  if (!isPlain || days === undefined) return `time by cron ${cron}`
  return `${hour!.padStart(2, '0')}:${minute!.padStart(2, '0')} ${days}`
}

const weekdays: Readonly<Record<string, string>> = {
  '*': 'every day',
  '1-5': 'on working days',
  '6,0': 'on Saturday and Sunday',
  '0,6': 'on Saturday and Sunday',
  '0': 'on Sunday',
  '1': 'on Monday',
  '2': 'on Tuesday',
  '3': 'on Wednesday',
  '4': 'on Thursday',
  '5': 'on Friday',
  '6': 'on Saturday',
}

function isNumber(part: string | undefined): boolean {
  return part !== undefined && /^\d{1,2}$/.test(part)
}
