/** On which days the program makes a backup by itself; those of the week in the order of Date.getUTCDay. */
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
export const backupDays = ['never', 'daily', ...weekdays] as const
