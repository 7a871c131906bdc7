import { companyPinyin, personPinyin } from '../../kernel/china/pinyin.ts'
import type { Values } from '../../kernel/web/form.ts'
import { customerFields } from './fields.ts'

type NewRow = Values & { code: string }

const noFields = Object.fromEntries(customerFields.filter(({ isLinked }) => !isLinked).map(({ name }) => [name, null]))

/** A customer that was just typed, with every column but its id; its tags stand in a table of their own. */
export function newRow({ tag_ids: _tags, ...values }: NewRow): NewRow {
  const now = new Date().toISOString()
  return { ...noFields, ...values, created_at: now, updated_at: now, deleted_at: null, version: 1 }
}

/** The columns a name is sorted and found by. */
export function pinyinKeys({ name, kind }: Values) {
  const { full, initials } = (kind === 'person' ? personPinyin : companyPinyin)(String(name))
  return { name_pinyin: full, name_initials: initials }
}
