/** Who acts, and from where: what the operation log keeps. */
export type Actor = { id: number | null; name: string; address: string | null }
