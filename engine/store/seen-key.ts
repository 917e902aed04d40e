/** By what the id of a delivery is remembered. */
export const idKey = (sentId: string): string => `id ${sentId}`
export const idOfKey = (key: string): string => key.slice('id '.length)
