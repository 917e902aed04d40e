/** Where authorization servers lead back to, below the address of our HTTP face; registered with them. */
export const callbackPath = '/oauth/callback'
