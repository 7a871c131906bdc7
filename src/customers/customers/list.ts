import type { SelectableList } from '../../kernel/web/list.ts'
import { orderedCustomers } from './ordered-list.ts'
import { countOfCustomers, customersPage } from './page.ts'

export const customerList: SelectableList = { ...orderedCustomers, count: countOfCustomers, page: customersPage }
