/** The law asks for six months of logs; nobody can set it lower. */
export const shortestRetention = 180

/** How many days entries are kept, whatever stands in the database. */
export const retentionDays = ({ logRetentionDays }: { logRetentionDays: number }) =>
  Math.max(shortestRetention, Number(logRetentionDays) || 0)
