// Tools that need something from their caller. `call.ask` takes questions by key and answers by key, whatever the era does for it.
import { said } from './content.mjs'
import { elicitation, roots, sampling } from './questions.mjs'

const string = { type: 'string' }
const object = (properties) => ({ type: 'object', properties, required: Object.keys(properties) })
const told = (prefix, { action, content }) =>
  said(`${prefix} action=${action}, content=${JSON.stringify(content ?? {})}`)
const textOf = ({ content }) => (Array.isArray(content) ? content[0] : content)?.text ?? ''

const titled = (first, second, third) => [
  { const: 'value1', title: first },
  { const: 'value2', title: second },
  { const: 'value3', title: third },
]
const options = ['option1', 'option2', 'option3']

export const askingTools = {
  test_sampling: {
    description: 'Has its prompt answered by the model of the client',
    inputSchema: object({ prompt: string }),
    async run(call) {
      const { answer } = await call.ask({ answer: sampling(call.arguments.prompt) })
      return said(`LLM response: ${textOf(answer)}`)
    },
  },
  test_elicitation: {
    description: 'Asks the person for a name and an address',
    inputSchema: object({ message: string }),
    async run(call) {
      const question = elicitation(call.arguments.message, {
        username: { type: 'string', description: "User's response" },
        email: { type: 'string', description: "User's email address" },
      })
      const { answer } = await call.ask({ answer: question })
      return told('User response:', answer)
    },
  },
  test_elicitation_sep1034_defaults: {
    description: 'Asks with a default for every kind of field',
    async run(call) {
      const fields = {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      }
      const { answer } = await call.ask({ answer: elicitation('Please confirm', fields, []) })
      return told('Elicitation completed:', answer)
    },
  },
  test_elicitation_sep1330_enums: {
    description: 'Asks with every kind of choice',
    async run(call) {
      const fields = {
        untitledSingle: { type: 'string', enum: options },
        titledSingle: { type: 'string', oneOf: titled('First Option', 'Second Option', 'Third Option') },
        legacyEnum: {
          type: 'string',
          enum: ['opt1', 'opt2', 'opt3'],
          enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
        titledMulti: { type: 'array', items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') } },
      }
      const { answer } = await call.ask({ answer: elicitation('Please choose', fields, []) })
      return told('Elicitation completed:', answer)
    },
  },
  test_streaming_elicitation: {
    description: 'Reports progress, then asks',
    async run(call) {
      await call.progress(1, 2)
      const { answer } = await call.ask({ answer: elicitation('Go on?', { go: { type: 'boolean' } }) })
      return told('Streamed:', answer)
    },
  },
  test_missing_capability: {
    description: 'Cannot work for a client without sampling',
    async run(call) {
      const { answer } = await call.ask({ answer: sampling('Say anything') })
      return said(textOf(answer))
    },
  },
  test_input_required_result_elicitation: {
    description: 'Asks for a name and greets it',
    async run(call) {
      const { user_name } = await call.ask({ user_name: elicitation('What is your name?', { name: string }) })
      return said(`Hello, ${user_name.content?.name}!`)
    },
  },
  test_input_required_result_sampling: {
    description: 'Asks the model of the client for a capital',
    async run(call) {
      const { capital_question } = await call.ask({ capital_question: sampling('What is the capital of France?') })
      return said(textOf(capital_question))
    },
  },
  test_input_required_result_list_roots: {
    description: 'Asks for the roots and names them',
    async run(call) {
      const { client_roots } = await call.ask({ client_roots: roots() })
      return said(`Roots: ${client_roots.roots.map(({ uri }) => uri).join(', ')}`)
    },
  },
  test_input_required_result_request_state: {
    description: 'Asks for a confirmation with a state to bring back',
    async run(call) {
      await call.ask({ confirm: elicitation('Please confirm', { ok: { type: 'boolean' } }) })
      return said('state-ok')
    },
  },
  test_input_required_result_tampered_state: {
    description: 'Refuses a state that it did not seal',
    async run(call) {
      await call.ask({ confirm: elicitation('Please confirm', { ok: { type: 'boolean' } }) })
      return said('untouched')
    },
  },
  test_input_required_result_multiple_inputs: {
    description: 'Asks for a name, a greeting and the roots at once',
    async run(call) {
      const { user_name, greeting, client_roots } = await call.ask({
        user_name: elicitation('What is your name?', { name: string }),
        greeting: sampling('Generate a greeting', 50),
        client_roots: roots(),
      })
      return said(`${textOf(greeting)} ${user_name.content?.name}, ${client_roots.roots.length} roots`)
    },
  },
  test_input_required_result_multi_round: {
    description: 'Asks for a name, then for a colour',
    async run(call) {
      const { step1 } = await call.ask({ step1: elicitation('Step 1: What is your name?', { name: string }) })
      const { step2 } = await call.ask({
        step2: elicitation('Step 2: What is your favorite color?', { color: string }),
      })
      return said(`${step1.content?.name} likes ${step2.content?.color}`)
    },
  },
  test_input_required_result_capabilities: {
    description: 'Asks only what the client can answer',
    async run(call) {
      const questions = {
        ...('sampling' in call.capabilities && { generated: sampling('Say hello') }),
        ...('elicitation' in call.capabilities && { name: elicitation('What is your name?', { name: string }) }),
      }
      const answers = Object.keys(questions).length === 0 ? {} : await call.ask(questions)
      return said(`Asked for ${Object.keys(answers).join(', ') || 'nothing'}`)
    },
  },
}
