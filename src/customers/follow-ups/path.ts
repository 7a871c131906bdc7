/** Where the work list of the day stands. */
export const dayPath = '/follow-ups/today'
