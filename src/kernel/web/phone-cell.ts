import { dialled } from '../china/phone.ts'
import type { Cell } from './list.ts'

/** Telephones in a list, which a click dials where there is something to dial with. */
export const phoneCell = (text: string): Cell => ({ text, tel: dialled(text) })
