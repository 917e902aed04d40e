import type { z } from 'zod'

/** What the schema says against a value, for a person who does not know it. */
export function issueWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string') return 'It is empty.'
      if (issue.origin === 'array') return 'One at least is needed.'
      return `It must be ${issue.minimum} at least.`
    case 'too_big':
      if (issue.origin === 'string') return `It is longer than ${issue.maximum} characters.`
      if (issue.origin === 'array') return `There are more than ${issue.maximum}.`
      return `It must be ${issue.maximum} at most.`
    case 'invalid_type':
      return issue.input === undefined ? 'It is missing.' : `It must be ${typeWords[issue.expected] ?? issue.expected}.`
    case 'invalid_value':
      return `It must be one of: ${issue.values.join(', ')}.`
    case 'invalid_union':
      return issue.discriminator === undefined
        ? 'It has none of the shapes that it may have.'
        : 'It must be a kind that there is.'
    case 'unrecognized_keys':
      return `There is no ${issue.keys.map((key) => `"${key}"`).join(' and ')} here.`
    default:
      return /^(must|is) /.test(issue.message) ? `It ${issue.message}.` : `${issue.message.replace(/\.$/, '')}.`
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}
