import type { Knex } from 'knex'
import { cachedByRevision } from './db/cache-revision.ts'

export type Entry = {
  id: number
  dictionary: string
  label: string
  code: string | null
  tone: string | null
  is_default: boolean
  is_active: boolean
}
export type Division = { code: string; name: string; parent_code: string | null; level: number; is_active: boolean }
export type Person = {
  id: number
  name: string
  username: string
  status: string
  department_id: number | null
  superior_id: number | null
}
export type Department = {
  id: number
  name: string
  parent_id: number | null
  head_id: number | null
  branch_code: string | null
  /** How many stand above it. */
  depth: number
}
export type Tag = { id: number; name: string; tone: string | null }
export type Role = { id: number; code: string; name: string }

/** What every page needs to put names to numbers: dictionaries, divisions, people, departments, roles, tags. */
export type Reference = {
  entry(id: number | null | undefined): Entry | undefined
  /** The entries of a dictionary in their order, switched-off ones included. */
  dictionary(name: string): Entry[]
  division(code: string | null | undefined): Division | undefined
  /** The divisions directly below a code; `null` for the provinces. */
  divisionsBelow(code: string | null): Division[]
  person(id: number | null | undefined): Person | undefined
  people: Person[]
  department(id: number | null | undefined): Department | undefined
  /** Each followed by those below it, in their order. */
  departments: Department[]
  roles: Role[]
  tags: Tag[]
}

/** The reference data at a revision (kernel/db/cache-revision.ts). */
export const referenceAt = cachedByRevision(async (db: Knex): Promise<Reference> => {
  const entries: Entry[] = await db('dictionary_entries')
    .orderBy(['dictionary', 'position', 'id'])
    .select('id', 'dictionary', 'label', 'code', 'tone', 'is_default', 'is_active')
  const divisions: Division[] = await db('administrative_divisions')
    .orderBy('code')
    .select('code', 'name', 'parent_code', 'level', 'is_active')
  const people: Person[] = await db('users')
    .orderBy(['name_pinyin', 'id'])
    .select('id', 'name', 'username', 'status', 'department_id', 'superior_id')
  const departments = asTree(
    await db('departments').orderBy(['position', 'id']).select('id', 'name', 'parent_id', 'head_id', 'branch_code'),
  )
  const roles: Role[] = await db('roles').orderBy('id').select('id', 'code', 'name')
  const tags: Tag[] = await db('tags').orderBy(['name_pinyin', 'id']).select('id', 'name', 'tone')
  const entryById = new Map(entries.map((entry) => [entry.id, entry]))
  const entriesByDictionary = Map.groupBy(entries, (entry) => entry.dictionary)
  const divisionByCode = new Map(divisions.map((division) => [division.code, division]))
  const divisionsByParent = Map.groupBy(divisions, (division) => division.parent_code)
  const personById = new Map(people.map((person) => [person.id, person]))
  const departmentById = new Map(departments.map((department) => [department.id, department]))
  return {
    entry: (id) => entryById.get(id as number),
    dictionary: (name) => entriesByDictionary.get(name) ?? [],
    division: (code) => divisionByCode.get(code as string),
    divisionsBelow: (code) => divisionsByParent.get(code) ?? [],
    person: (id) => personById.get(id as number),
    people,
    department: (id) => departmentById.get(id as number),
    departments,
    roles,
    tags,
  }
})

/** Departments in the order of their tree. */
function asTree(rows: Omit<Department, 'depth'>[]): Department[] {
  const below = Map.groupBy(rows, ({ parent_id }) => parent_id)
  const from = (parent: number | null, depth: number): Department[] =>
    (below.get(parent) ?? []).flatMap((row) => [{ ...row, depth }, ...from(row.id, depth + 1)])
  return from(null, 0)
}
