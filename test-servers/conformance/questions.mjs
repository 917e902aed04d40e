// Questions that a server puts to its client, as requests of the protocol.

export const elicitation = (message, properties, required = Object.keys(properties)) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } },
})

export const sampling = (prompt, maxTokens = 100) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens },
})

export const roots = () => ({ method: 'roots/list', params: {} })

/** The capability that a client must have declared to be asked. */
export const capabilityOf = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
}

/** Whether a value is an answer to the question: an answer of another shape is none. */
export function isAnswer(question, answer) {
  if (typeof answer !== 'object' || answer === null) return false
  switch (question.method) {
    case 'elicitation/create':
      return typeof answer.action === 'string'
    case 'sampling/createMessage':
      return typeof answer.role === 'string'
    default:
      return Array.isArray(answer.roots)
  }
}
