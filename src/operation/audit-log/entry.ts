import type { EventContent } from '../../kernel/history/chain.ts'
import { storedChanges } from '../../kernel/history/history.ts'
import { type ChangeView, changeViews, type Mask } from '../../kernel/web/changes.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { fieldLabels } from './kinds.ts'

/** An entry as the list and its page have it. */
export type Entry = EventContent & { id: number }

const show = (shown: string) => shown || text.common.nothing
const texts = text.auditLog

/** Its changes as this person may read them. */
export const changesOf = ({ record_type, changes }: Entry, mask?: Mask): ChangeView[] =>
  changeViews(record_type ?? '', fieldLabels(record_type), storedChanges(changes), mask)

const line = ({ label, before, after, isFact }: ChangeView) =>
  isFact ? texts.fact(label, show(after)) : texts.change(label, show(before), show(after))

/** Which record it was; of what went out or came in, how many rows. */
export const recordText = (entry: Entry): string => counted(entry)?.rows ?? entry.record_name ?? ''

/** What was done, in one text; of what went out, from which list. */
export function contentText(entry: Entry): string {
  const changed = changesOf(entry).map(line)
  return [counted(entry)?.rest ?? '', ...changed].filter(Boolean).join(texts.separator)
}

/** Exports, prints and imports say in the place of a name how many rows, and of which list or file; before, by which address. */
function counted({ action, record_name }: Entry) {
  const [, count, rest] = /^(\d+\+?) (.*)$/s.exec(record_name ?? '') ?? []
  if (['export', 'import', 'undo'].includes(action) && count)
    return { rows: texts.rows(count.endsWith('+') ? count : showCount(Number(count))), rest }
  return record_name?.startsWith('/') ? { rows: '', rest: record_name } : undefined
}

/** What was done, as a person reads it. */
export const actionLabel = (action: string) => text.actions[action as keyof typeof text.actions] ?? action
