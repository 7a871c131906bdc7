import type { Knex } from 'knex'
import { startsWith } from '../../kernel/db/dialect.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import type { Reference } from '../../kernel/reference.ts'
import { readSettings, type Settings } from '../../kernel/settings/settings.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'

type Numbered = { id?: unknown; number?: unknown; department_id?: unknown; [name: string]: unknown }

const t = text.users
const refuse = (message: string) => new Refusal({ message, field: 'number' })

/**
 * Refuses a number that somebody has, and by the rule [S8] one that does not begin with the code of the person's branch
 * or end with 01 to 99; a number that stays, in the same branch, is not asked. Lock the revision first (kernel/db/cache-revision.ts).
 */
export async function refuseNumber(trx: Knex, after: Numbered, before?: Numbered) {
  const number = after.number as string | null | undefined
  if (!number) return
  const settings = await readSettings(trx)
  const isNew = number !== before?.number
  const branch = await branchOf(trx, after, settings)
  if (settings.isEmployeeNumberRuled && (isNew || branch !== (await branchOf(trx, before ?? {}, settings))))
    await refuseForm(trx, number, branch)
  const other =
    isNew &&
    (await trx('users')
      .where({ number_key: foldKey(number) })
      .whereNot('id', (after.id ?? 0) as number)
      .first('name'))
  if (!other) return
  const { isEmployeeNumberRuled } = settings
  throw refuse(
    isEmployeeNumberRuled
      ? t.numberTaken(number, other.name, await freeText(trx, branch))
      : t.numberUsed(number, other.name),
  )
}

async function refuseForm(trx: Knex, number: string, branch: string) {
  if (!/^[A-Z]{2}\d{4}$/.test(number)) throw refuse(t.numberForm)
  if (!number.startsWith(branch)) throw refuse(t.numberBranch(branch, await freeText(trx, branch)))
  if (number.endsWith('00')) throw refuse(t.numberZero)
}

/** The code of the nearest department above that names one, else the company's. */
async function branchOf(trx: Knex, { department_id }: Numbered, { employeeBranchCode }: Settings): Promise<string> {
  const named = await trx('department_paths')
    .join('departments', 'departments.id', 'department_paths.ancestor_id')
    .where('department_paths.descendant_id', (department_id ?? 0) as number)
    .whereNotNull('departments.branch_code')
    .orderBy('department_paths.depth')
    .first('departments.branch_code')
  return named?.branch_code ?? employeeBranchCode
}

/** The same as a person reads it. */
const freeText = async (db: Knex, branch: string) => (await nextNumber(db, branch)) ?? t.numbersFull(branch)

/** The lowest number of a branch that nobody has or had. */
async function nextNumber(db: Knex, branch: string): Promise<string | null> {
  const used = new Set<string>(await startsWith(db('users'), 'number_key', foldKey(branch)).pluck('number_key'))
  for (let at = 1; at <= 99; at++) {
    const number = branch + String(at).padStart(2, '0')
    if (!used.has(foldKey(number))) return number
  }
  return null
}

/**
 * The number of a new person, taken anew where it was only preset, nobody typed it, and somebody has it by now: another
 * form was open, or one went back to add the next person. Lock the revision first (kernel/db/cache-revision.ts).
 */
export async function freshNumber(trx: Knex, person: Numbered, preset: unknown): Promise<string | null> {
  const number = (person.number ?? null) as string | null
  if (!number || number !== preset) return number
  const other = await trx('users')
    .where({ number_key: foldKey(number) })
    .first('id')
  if (!other) return number
  return (await nextNumber(trx, await branchOf(trx, person, await readSettings(trx)))) ?? number
}

/**
 * What helps with the number of a new person: the next free one of each branch, the company's first, and the one to
 * begin with where there is one branch. Nothing where the rule is switched off.
 */
export async function freeNumbers(db: Knex, reference: Reference, settings: Settings) {
  if (!settings.isEmployeeNumberRuled) return { hint: undefined, first: '' }
  const named = reference.departments.flatMap(({ branch_code }) => (branch_code ? [branch_code] : []))
  const branches = [...new Set([settings.employeeBranchCode, ...named])]
  const free: string[] = []
  for (const branch of branches) free.push(await freeText(db, branch))
  const first = branches.length === 1 ? await nextNumber(db, settings.employeeBranchCode) : null
  return { hint: t.numberHint(text.common.listed(free)), first: first ?? '' }
}
