import { cleanText } from '../../kernel/china/text.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { email, type Field, type FieldKind, line } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'

const most = 20

/** Several mail addresses, one after another; line breaks only ever part them. */
const addressList: FieldKind = {
  ...line,
  parse: (typed, field, reference) => {
    const parts = cleanText(typed)
      .split(/[\s,;\uFF0C\uFF1B\u3001]+/)
      .filter(Boolean)
    const addresses = parts.map((part) => {
      try {
        return String(email.parse(part, field, reference))
      } catch {
        throw text.mail.wrongAddress(part.slice(0, 60))
      }
    })
    const keys = addresses.map(foldKey)
    const different = addresses.filter((_address, index) => keys.indexOf(keys[index] as string) === index)
    if (different.length > most) throw text.mail.tooManyAddresses(most)
    return different.join(', ')
  },
}

/** The addresses in a stored list. */
export const addressesIn = (list: string | null): string[] => (list ? list.split(', ') : [])

/** Who else gets a message to one recipient. */
export const copyFields: Field[] = [
  { name: 'cc', label: text.mail.fields.cc, kind: addressList, max: 1000, hint: text.mail.copiesHint },
  { name: 'bcc', label: text.mail.fields.bcc, kind: addressList, max: 1000, hint: text.mail.bccHint },
]
