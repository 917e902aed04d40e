import { expect, test } from 'vitest'
import { questionIn } from './question.ts'

test.each([
  ['Ok to proceed? (y) ', 'Ok to proceed? (y)'],
  ['Need to install:\nsome-server@1\nOk to proceed? (y) ', 'Ok to proceed? (y)'],
  ['\u001b[1mContinue [Y/n]:\u001b[0m ', 'Continue [Y/n]:'],
  ['Overwrite (yes/no)', 'Overwrite (yes/no)'],
  ['Password for ada:', 'Password for ada:'],
  ['What is your name? ', 'What is your name?'],
  ['Loading models... 40%', null],
  ['listening on port 80:', null],
  ['Was it so? It was.\n', null],
  ['', null],
])('finds in %j the question %j', (output, question) => {
  expect(questionIn(output)).toBe(question)
})
