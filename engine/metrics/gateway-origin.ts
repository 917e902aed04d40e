/** Whether an MCP client called: its token or that of the owner opened the gateway. */
export function isOfGateway(origin: string): boolean {
  return origin === 'owner' || origin.startsWith('client:')
}
