import { personPinyin } from '../src/kernel/china/pinyin.ts'
import type { GeneratedRow } from './generate.ts'

const departments = [null, '办公室', '采购部', '销售部', '技术部', '财务部']
const positions = [null, '经理', '主任', '采购员', '总经理', '工程师', '会计']
const keysByName = new Map<string, ReturnType<typeof personPinyin>>()

/** The main contact of a generated customer as a row for the table contacts; it has the id of its customer. */
export function contactRow({ customer, contact }: GeneratedRow) {
  const { id } = customer
  const { full, initials } = keysOf(contact)
  return {
    id,
    customer_id: id,
    code: `LX${String(id).padStart(6, '0')}`,
    name: contact,
    name_pinyin: full,
    name_initials: initials,
    department: departments[id % departments.length],
    position: positions[id % positions.length],
    is_main: 1,
    mobile: customer.mobile,
    office_phone: customer.phone,
    created_at: customer.created_at,
    updated_at: customer.updated_at,
    deleted_at: null,
    version: 1,
  }
}

function keysOf(name: string) {
  const keys = keysByName.get(name) ?? personPinyin(name)
  keysByName.set(name, keys)
  return keys
}
