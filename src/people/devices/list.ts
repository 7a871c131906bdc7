import type { Knex } from 'knex'
import { contains } from '../../kernel/db/dialect.ts'
import { agentWords } from '../../kernel/web/agent.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { Column, List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { checkCode, type Device, type DeviceStatus, devices } from './device.ts'

const t = text.devices

export const statusTones: Record<DeviceStatus, string> = { waiting: 'amber', approved: 'green', refused: 'red' }
const statuses = Object.entries(t.statuses).map(([value, label]) => ({
  value,
  label,
  tone: statusTones[value as DeviceStatus],
}))

const column = (name: string, label: string, cell: (device: Device) => string, more: Partial<Column> = {}): Column => ({
  name,
  label,
  kind: 'text',
  cell: (row) => ({ text: cell(row as unknown as Device) }),
  ...more,
})

export const deviceList: List = {
  path: '/devices',
  title: t.title,
  permissions: { view: 'devices.view' },
  table: 'devices',
  columns: [
    column('user_name', t.user, (device) => device.user_name),
    column('agent', t.device, (device) => agentWords(device.agent)),
    column('token_mark', t.code, checkCode),
    column('address', t.address, (device) => device.address ?? ''),
    column('created_at', t.firstUse, (device) => showInstant(device.created_at), { sort: 'devices.created_at' }),
    column('seen_at', t.lastUse, (device) => showInstant(device.seen_at), { sort: 'devices.seen_at' }),
    {
      ...column('status', t.status, ({ status }) => t.statuses[status]),
      cell: ({ status }) => ({ text: t.statuses[status as DeviceStatus], tone: statusTones[status as DeviceStatus] }),
    },
    {
      ...column('open', t.acts, () => t.open),
      permission: 'devices.update',
      cell: (row) => ({ text: t.open, href: `/devices/${row.id}` }),
    },
  ],
  filters: [
    {
      name: 'status',
      label: t.status,
      kind: 'choice',
      options: () => statuses,
      apply: (query, value) => query.where('devices.status', value),
    },
  ],
  order: { column: 'devices.created_at', order: 'desc', isFilled: true },
  rows: devices,
  search: {
    placeholder: t.searchHint,
    apply: (_db: Knex, query, q) => contains(query, ['users.name', 'users.name_pinyin', 'users.username'], q),
  },
  rowHref: (row) => `/devices/${row.id}`,
  empty: () => ({ text: t.empty }),
}
