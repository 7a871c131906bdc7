import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { peopleOptions } from '../../kernel/web/options.ts'
import { viewersWith } from '../../kernel/web/viewer.ts'
import { receiverField } from './transfer-form.ts'

type Giver = { id: number; refusal: string }

/** To whom customers may be given: those who may see customers, and not the one who gives. Others are refused in words. */
export async function receiverFor(db: Knex, revision: number, giver?: Giver): Promise<Field> {
  const seeing = await viewersWith(db, revision, 'customers.view')
  const refusalOf = (id: number, name: string) => {
    if (id === giver?.id) return giver.refusal
    return seeing.has(id) ? undefined : text.transfers.seesNone(name)
  }
  const options = (reference: Reference) =>
    peopleOptions(reference).map((option) => {
      const refusal = option.isActive === false ? undefined : refusalOf(Number(option.value), option.label)
      return refusal ? { ...option, isActive: false, refusal } : option
    })
  return { ...receiverField, options }
}
