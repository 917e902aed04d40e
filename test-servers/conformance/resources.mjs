// Resources and prompts, once for both eras.
import { png, text } from './content.mjs'
import { elicitation } from './questions.mjs'

export const resourceList = [
  {
    uri: 'test://static-text',
    name: 'static-text',
    description: 'A text that never changes',
    mimeType: 'text/plain',
  },
  {
    uri: 'test://static-binary',
    name: 'static-binary',
    description: 'An image that never changes',
    mimeType: 'image/png',
  },
  {
    uri: 'test://watched-resource',
    name: 'watched-resource',
    description: 'A text that says when it changed',
    mimeType: 'text/plain',
  },
]

export const templateList = [
  {
    uriTemplate: 'test://template/{id}/data',
    name: 'template',
    description: 'Data by its id',
    mimeType: 'application/json',
  },
]

/** The contents of a resource; null when there is none. */
export function readResource(uri) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
  if (id !== undefined) {
    const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` })
    return { contents: [{ uri, mimeType: 'application/json', text: data }] }
  }
  switch (uri) {
    case 'test://static-text':
      return {
        contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
      }
    case 'test://static-binary':
      return { contents: [{ uri, mimeType: 'image/png', blob: png }] }
    case 'test://watched-resource':
      return { contents: [{ uri, mimeType: 'text/plain', text: 'Watched content' }] }
    default:
      return null
  }
}

const required = (name, description) => ({ name, description, required: true })
const user = (content) => ({ role: 'user', content })

const prompts = {
  test_simple_prompt: {
    description: 'A prompt without arguments',
    get: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }),
  },
  test_prompt_with_arguments: {
    description: 'A prompt with two arguments',
    arguments: [required('arg1', 'First test argument'), required('arg2', 'Second test argument')],
    get: ({ arguments: { arg1, arg2 } }) => ({
      messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
  },
  test_prompt_with_embedded_resource: {
    description: 'A prompt with a resource in it',
    arguments: [required('resourceUri', 'URI of the resource to embed')],
    get: ({ arguments: { resourceUri } }) => ({
      messages: [
        user({
          type: 'resource',
          resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        }),
        user(text('Please process the embedded resource above.')),
      ],
    }),
  },
  test_prompt_with_image: {
    description: 'A prompt with an image in it',
    get: () => ({
      messages: [
        user({ type: 'image', data: png, mimeType: 'image/png' }),
        user(text('Please analyze the image above.')),
      ],
    }),
  },
  test_input_required_result_prompt: {
    description: 'A prompt that asks before it answers',
    async get(call) {
      const question = elicitation('What context should the prompt use?', { context: { type: 'string' } })
      const { user_context } = await call.ask({ user_context: question })
      return { messages: [user(text(`In the context of ${user_context.content?.context}`))] }
    },
  },
}

export const promptList = Object.entries(prompts).map(([name, { description, arguments: args }]) => ({
  name,
  description,
  ...(args && { arguments: args }),
}))

/** The messages of a prompt; null when there is none of the name. */
export function getPrompt(name, call) {
  return Object.hasOwn(prompts, name) ? prompts[name].get(call) : null
}

/** Words that begin as the argument does. */
export function complete({ argument: { value } }) {
  const values = ['testValue1', 'testValue2', 'paris', 'park', 'party'].filter((word) => word.startsWith(value))
  return { completion: { values, total: values.length, hasMore: false } }
}
