import type { Guard } from './guard.ts'

const live = { file: 'engine/rules/live-rule.ts', suite: 'engine/rules/rules.test.ts' }
const http = { file: 'engine/rules/steps/http-step.ts', suite: 'engine/rules/try-rule.test.ts' }

/** Guards of what acts by itself. */
export const ruleGuards: readonly Guard[] = [
  {
    file: 'engine/rules/steps/tool-step.ts',
    suite: 'engine/rules/rules.test.ts',
    name: 'a rule calls the tools that its limits name',
    text: 'if (!mayCall(rule.limits, step)) {',
    without: 'if (mayCall === undefined) {',
    test: 'a tool that the limits do not name is not called',
  },
  {
    ...live,
    name: 'a rule that fires itself ends',
    text: 'if (depth >= mostDepth) {',
    without: 'if (depth === -1) {',
    test: 'a rule that fires itself is stopped after five runs',
  },
  {
    ...live,
    file: 'engine/rules/run-lineage.ts',
    name: 'what a run sets off counts as deeper than the run',
    text: 'return depth === undefined ? 0 : depth + 1',
    without: 'return 0',
    test: 'a rule that fires itself is stopped after five runs',
  },
  {
    ...live,
    name: 'a rule runs so often in its time',
    text: 'if (this.#bucket.waitMs(now) > 0) {',
    without: 'if (now < 0) {',
    test: 'limits hold',
  },
  {
    ...live,
    name: 'so many events wait for their run',
    text: 'if (this.#open.size >= limits.concurrency + limits.queue) {',
    without: 'if (depth === -1) {',
    test: 'limits hold',
  },
  {
    ...live,
    name: 'an event runs a rule once',
    text: 'if (!isNew) {',
    without: 'if (isNew === undefined) {',
    test: 'the same event runs a rule once',
  },
  {
    file: 'engine/rules/plain-secrets.ts',
    suite: 'engine/rules/rules.test.ts',
    name: 'no rule holds a secret in the open',
    text: 'return masker.text(own) !== own',
    without: 'return false',
    test: 'a secret in the open keeps a rule from being saved',
  },
  {
    ...http,
    name: 'a value does not climb out of the path of a URL',
    text: 'if (climbs(url)) {',
    without: 'if (climbs === undefined) {',
    test: 'an HTTP step sends its secret',
  },
  {
    ...http,
    name: 'a redirect reaches no host that the rule does not name',
    text: 'if (elsewhere !== null) throw elsewhere',
    without: 'void elsewhere',
    test: 'an HTTP step sends its secret',
  },
  {
    file: 'engine/rules/rule-text.ts',
    suite: 'engine/rules/rule-text.test.ts',
    name: 'a rule from a text is off',
    text: 'return { ...read.data, enabled: false }',
    without: 'return read.data',
    test: 'is off, whatever it says',
  },
]
