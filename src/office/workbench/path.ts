/** Where one's own reports stand 「工作台」. */
export const deskPath = '/desk'
