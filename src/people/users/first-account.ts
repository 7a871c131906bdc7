/** The first account of a new installation [S16]. */
export const firstAccount = { username: 'mr', password: 'mrsoft' }
