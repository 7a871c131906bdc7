import type { Module } from '../../kernel/modules/module.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import {
  addDepartment,
  contentOf,
  departmentKind,
  removeDepartment,
  type StoredDepartment,
  saveDepartment,
} from './department.ts'
import { departmentFields } from './fields.ts'

const t = text.departments

/** Departments 「部门」: a tree with heads, in an order one chooses. */
export const departments: Module = {
  name: 'departments',
  path: '/departments',
  label: t.title,
  words: t.words,
  group: 'settings',
  fields: departmentFields,
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'print'],
  search: [],
  alike: [{ fields: ['name'], refusedWithin: 'parent_id' }],
  positions: { within: 'parent_id', row: 'department' },
  isReference: true,
  byHand: ['list'],
  isCardless: true,
  standsAt: ({ id }) => `/departments#department-${id}`,
  parts: departmentKind.parts,
  preset: { system_administrator: 'all', security_administrator: ['view'], auditor: ['view'] },
  hooks: {
    async leaving(db, { id }) {
      const { people, below } = await contentOf(db, id)
      return [
        ...(people > 0
          ? [{ text: t.hasPeople(showCount(people)), href: `/users?department_id=${id}`, label: t.showPeople }]
          : []),
        ...(below > 0 ? [{ text: t.hasBelow(showCount(below)), href: '/departments', label: t.showBelow }] : []),
      ]
    },
    async removal(db, { id }) {
      const { left } = await contentOf(db, id)
      return left > 0 ? [t.leftPeople(showCount(left))] : []
    },
  },
  writing: {
    add: async ({ trx, actor }, values) => ({ ...values, id: await addDepartment(trx, values, actor) }),
    save: ({ trx, actor, reference }, before, save) =>
      saveDepartment(trx, before as unknown as StoredDepartment, { ...save, actor, reference }),
    remove: ({ trx, actor }, record) => removeDepartment(trx, record as unknown as StoredDepartment, actor),
  },
}
