import { readFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { addContact } from '../src/customers/contacts/contact.ts'
import { addCustomers } from '../src/customers/customers/adding.ts'
import { today } from '../src/kernel/china/clock.ts'
import { bumpRevision, currentRevision } from '../src/kernel/db/cache-revision.ts'
import { type Reference, referenceAt } from '../src/kernel/reference.ts'
import { changeSettings, type Settings, settingsAt } from '../src/kernel/settings/settings.ts'
import type { Values } from '../src/kernel/web/form.ts'
import type { Actor } from '../src/kernel/web/session.ts'
import { addDepartment } from '../src/people/departments/department.ts'
import { hashPassword } from '../src/people/users/password.ts'
import { insertUser, userRow } from '../src/people/users/user-row.ts'
import { addFollowUps } from './demo/follow-ups.ts'
import { addLetters } from './demo/letters.ts'
import { addOffice, addTags, addTodos } from './demo/office.ts'
import { addPapers } from './demo/papers.ts'

const companyName = '长春禾木晴川科技有限公司'
const password = 'Kehu-2026!'

type Person = { username: string; name: string; department: string; superior: string | null } & Record<
  string,
  string | null
>
type Contact = Values & { is_main: boolean }
type DemoCustomer = Values & {
  registered_days_ago: number
  next_contact_in_days: number | null
  owner: string
  contacts: Contact[]
}

const read = <T>(name: string): T[] => JSON.parse(readFileSync(new URL(`demo/${name}.json`, import.meta.url), 'utf8'))

/** The column of each dictionary that a customer of the file names by its label. */
const dictionaries: Record<string, [column: string, dictionary: string]> = {
  level: ['level_id', 'customer-levels'],
  source: ['source_id', 'customer-sources'],
  type: ['type_id', 'customer-types'],
  state: ['status_id', 'customer-states'],
  industry: ['industry_id', 'industries'],
  ownership: ['ownership_id', 'ownerships'],
  importance: ['importance_id', 'importances'],
  credit_rating: ['credit_rating_id', 'credit-ratings'],
  region: ['region_id', 'sales-regions'],
}

/**
 * Fills a database without customers with an invented company, so that every screen shows something: people in departments,
 * customers with contacts, tags, files in `dataDir` and mail, dates around today, competitors and our own data. Answers the accounts as `username/password`; none for a database that has customers of its own.
 */
export async function fillDemo(db: Knex, dataDir: string): Promise<string[]> {
  const people = read<Person>('people')
  if (!(await db('customers').first('id'))) await fill(db, people, dataDir)
  const present: string[] = await db('users')
    .whereIn(
      'username',
      people.map(({ username }) => username),
    )
    .pluck('username')
  return people.filter(({ username }) => present.includes(username)).map(({ username }) => `${username}/${password}`)
}

async function fill(db: Knex, people: Person[], dataDir: string) {
  const hashes = await Promise.all(people.map(() => hashPassword(password)))
  await db.transaction(async (trx) => {
    await addPeople(trx, people, hashes)
    await changeSettings(trx, { companyName, areaCode: '0431' })
    const revision = await currentRevision(trx)
    const [reference, settings] = [await referenceAt(trx, revision), await settingsAt(trx, revision)]
    const [first] = people as [Person]
    const actor = { id: idOf(reference, first.username), name: first.name, address: null }
    await addOffice(trx, reference, actor)
    const ids = await addAll(trx, reference, { actor, settings })
    const staff = people.map(({ username }) => idOf(reference, username))
    await addTodos(trx, staff, actor)
    const newest = ids.slice(-30)
    await addFollowUps(trx, reference, ids.slice(-180))
    await addPapers(trx, newest.slice(0, 6), { dataDir, actor, company: companyName })
    await addLetters(trx, newest, { actor, phone: String(first.mobile), company: companyName })
  })
}

/** Each stands below one of those before; the first one administers. */
async function addPeople(trx: Knex, people: Person[], hashes: string[]) {
  const [first] = people as [Person]
  const actor = { id: null, name: first.name, address: null }
  const rows = read<{ name: string; parent: string | null; head: string }>('departments')
  const departments = new Map<string | null, number>()
  for (const { name, parent } of rows)
    departments.set(name, await addDepartment(trx, { name, parent_id: departments.get(parent) ?? null }, actor))
  const roles: { id: number; code: string }[] = await trx('roles').select('id', 'code')
  const ids = new Map<string | null, number>()
  for (const [index, { department, superior, role, ...person }] of people.entries()) {
    const place = { department_id: departments.get(department), superior_id: ids.get(superior) ?? null }
    const user_id = await insertUser(trx, userRow({ ...person, ...place, password_hash: hashes[index] as string }))
    ids.set(person.username, user_id)
    await trx('user_roles').insert({ user_id, role_id: roles.find(({ code }) => code === role)?.id })
  }
  for (const { name, head } of rows)
    await trx('departments')
      .where({ id: departments.get(name) })
      .update({ head_id: ids.get(head) })
  await bumpRevision(trx)
}

async function addAll(trx: Knex, reference: Reference, maker: { actor: Actor; settings: Settings }) {
  const customers = read<DemoCustomer>('customers').sort((a, b) => b.registered_days_ago - a.registered_days_ago)
  const tagsAt = await addTags(trx, maker.actor)
  const ids = await addCustomers(
    trx,
    customers.map((customer, at) => ({
      values: { ...customerValues(customer, reference), tag_ids: tagsAt(at).join(',') || null },
    })),
    maker,
  )
  for (const [index, { contacts }] of customers.entries())
    for (const contact of contacts) await addContact(trx, ids[index] as number, contact, maker)
  return ids
}

/** A customer of the file as its columns: labels become ids, days counted from today become dates. */
export function customerValues(customer: DemoCustomer, reference: Reference): Values {
  const { registered_days_ago, next_contact_in_days, owner, contacts: _, ...rest } = customer
  const values: Values = { owner_id: idOf(reference, owner), registered_on: dayFrom(-registered_days_ago) }
  values.next_contact_on =
    next_contact_in_days === null ? null : dayFrom(Math.max(next_contact_in_days, -registered_days_ago))
  for (const [name, value] of Object.entries(rest)) {
    const [column, dictionary] = dictionaries[name] ?? [name]
    values[column] = dictionary && value ? entryOf(reference, dictionary, String(value)) : value
  }
  return values
}

function entryOf(reference: Reference, dictionary: string, label: string): number {
  const entry = reference.dictionary(dictionary).find((entry) => entry.label === label)
  if (!entry) throw new Error(`${dictionary} has no entry ${label}`)
  return entry.id
}

function idOf(reference: Reference, username: string): number {
  const person = reference.people.find((person) => person.username === username)
  if (!person) throw new Error(`no such person: ${username}`)
  return person.id
}

/** The day so many days after today. */
function dayFrom(days: number): string {
  const date = new Date(`${today()}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
