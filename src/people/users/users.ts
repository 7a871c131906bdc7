import type { Module } from '../../kernel/modules/module.ts'
import { text } from '../../texts/index.ts'
import { userKind } from './fields.ts'
import { userList } from './list.ts'

/** Users 「用户管理」: the form and the card keep passwords, roles and superiors apart from the rest. */
export const users: Module = {
  name: 'users',
  path: '/users',
  label: text.users.one,
  words: { title: text.users.title },
  group: 'settings',
  fields: userKind.fields,
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'export', 'print', 'transfer'],
  search: [],
  isReference: true,
  byHand: ['list', 'form', 'card', 'transfer', 'deletion'],
  list: () => userList,
  parts: userKind.parts,
  preset: {
    system_administrator: ['view', 'create', 'update', 'export', 'print'],
    security_administrator: ['view', 'print'],
    auditor: ['view'],
  },
}
