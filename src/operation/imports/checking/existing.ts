/** By what a record was found: a text that stands once, a tax number, its name, a telephone number. The strongest first. */
export const evidences = ['code', 'credit', 'exact', 'phone'] as const
export type Evidence = (typeof evidences)[number]

/** The record in the program that a row is about, and by what it was found. */
export type Existing = {
  id: number
  name: string
  owner_id?: number | null
  evidence: Evidence
  /** Others have the same name. */
  isOneOfSeveral?: boolean | undefined
}
