import { today } from '../china/clock.ts'

/** The name under which something that is made today is saved: 客户资料-2026-12-01.xlsx. */
export const datedName = (title: string, ending: string): string => `${title}-${today()}.${ending}`
