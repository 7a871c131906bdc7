import type { SelectableList } from '../../kernel/web/list.ts'
import { orderedCustomers } from './ordered-list.ts'
import { customersPage } from './page.ts'

export const customerList: SelectableList = { ...orderedCustomers, page: customersPage }
