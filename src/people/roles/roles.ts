import type { Module, Stored } from '../../kernel/modules/module.ts'
import { typedIn } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { roleCard } from './card.ts'
import { nameField, roleFields } from './fields.ts'
import { roleForm } from './form.ts'
import { roleList } from './list.ts'
import { eraseRights, noRights, rightsOf } from './rights.ts'
import { addRole, findRole, isBuiltIn, isFixed, type Role, saveRole, whyKept } from './role.ts'

const t = text.roles

/** Roles 「角色和权限」: what their people may do, with whose records, and what they do not see whole. */
export const roles: Module = {
  name: 'roles',
  path: '/roles',
  label: t.label,
  words: t.words,
  group: 'settings',
  // As many as there are modules at the moment, those that rows define among them.
  get fields() {
    return roleFields()
  },
  title: nameField.name,
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'assign'],
  search: [],
  isReference: true,
  preset: { system_administrator: ['view'], security_administrator: 'all', auditor: ['view'] },
  list: roleList,
  form: roleForm,
  card: roleCard,
  hooks: {
    complete: async (db, role) => ({ ...role, ...(await rightsOf(db, role.id)) }),
    async begin({ db }, query) {
      const from = typedIn(query, 'from')
      if (!/^[1-9]\d{0,8}$/.test(from)) return noRights()
      const role = await findRole(db, Number(from))
      return { ...role, name: t.copyOf(role.name) }
    },
    barred(role, act) {
      if (act === 'update' && isFixed(role as unknown as Role)) return t.isFixed
      return act === 'delete' && isBuiltIn(role as unknown as Role) ? t.isBuiltIn : undefined
    },
    leaving: whyKept,
    removing: (trx, { id }: Stored) => eraseRights(trx, id),
  },
  writing: {
    add: async ({ trx, actor, reference }, values) => ({
      ...values,
      id: await addRole(trx, values, { actor, reference }),
    }),
    save: ({ trx, actor, reference }, before, save) =>
      saveRole(trx, before as unknown as Role, { ...save, actor, reference }),
  },
}
