/** The number of an event that comes after the end of its task: nobody counts them any more, so the tables give it its own. */
export const numberedByStore = 0
