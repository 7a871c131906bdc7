import type { Module, ModuleField } from '../../kernel/modules/module.ts'
import type { Act } from '../../kernel/permissions.ts'
import { choice, day, type FieldKind, line, long } from '../../kernel/web/fields.ts'
import { instant } from '../../kernel/web/instant-kind.ts'
import { link } from '../../kernel/web/link-kind.ts'
import { entriesOf, peopleOptions } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'
import { contacts } from '../contacts/contacts.ts'
import { beginFollowUp, checkFollowUp, lockedFor, subjectOf } from './follow-up.ts'
import { tellCustomer } from './next-contact.ts'

const { fields: labels, hints, said } = text.followUps
const field = (name: keyof typeof labels, kind: FieldKind, more: Partial<ModuleField> = {}): ModuleField => ({
  name,
  label: labels[name],
  kind,
  ...more,
})
const writing: Act[] = ['view', 'create', 'print']

/**
 * What was said with customers 「联系记录」: who sees a customer reads them, who may create them adds one to whatever
 * customer he sees. Each is changed by who wrote it for a day, and then by who may delete what that person writes.
 */
export const followUps: Module = {
  name: 'follow_ups',
  rights: { update: 'follow_ups.create' },
  path: '/follow-ups',
  ...said,
  group: 'customers',
  fields: [
    field('subject', line, { max: 100, hint: hints.subject }),
    field('customer_id', choice, { column: false, isFilter: true }),
    field('content', long, { isRequired: true, max: 20_000, rows: 4, column: { isHidden: true } }),
    field('contacted_at', instant, { isRequired: true, isFilter: true }),
    field('method_id', choice, { options: entriesOf('follow-up-methods'), isFilter: true }),
    field('contact_id', link, { to: contacts.name, isSibling: true, column: { isHidden: true } }),
    field('result_id', choice, { options: entriesOf('follow-up-results'), isFilter: true }),
    field('next_contact_on', day, { isFilter: true, hint: hints.next_contact_on }),
    field('next_content', line, { max: 200, column: { isHidden: true } }),
    field('user_id', choice, { options: peopleOptions, isFilter: true }),
  ],
  brief: ['content', 'method_id', 'contact_id', 'contacted_at', 'result_id', 'next_contact_on', 'next_content'],
  short: ['method_id', 'contact_id', 'contacted_at', 'result_id', 'next_contact_on', 'next_content'],
  title: 'subject',
  latestBy: 'contacted_at',
  author: 'user_id',
  head: { facts: ['contacted_at', 'method_id', 'user_id'], next: 'next_contact_on' },
  owner: { through: 'customer_id', module: 'customers' },
  acts: [...writing, 'update', 'delete', 'import', 'export'],
  search: ['subject', 'content'],
  bin: true,
  isTextIndexed: true,
  files: true,
  hooks: {
    begin: beginFollowUp,
    fill: subjectOf,
    check: checkFollowUp,
    barred: lockedFor,
    saved: tellCustomer,
  },
  preset: {
    sales_manager: [...writing, 'delete', 'export'],
    sales: writing,
    marketing: writing,
    service: writing,
    finance: ['view'],
    user: writing,
  },
}
