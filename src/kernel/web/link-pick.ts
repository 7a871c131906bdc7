import { type Body, typedIn } from './form.ts'

/** The id that was chosen among matches, which counts as long as the text that it stands for was not changed after. */
export function pickedId(body: Body, name: string, typed: string): number | undefined {
  for (const pick of [body[`${name}_pick`] ?? []].flat().map(String)) {
    const [, id, said = ''] = /^([1-9]\d{0,8})\|(.*)$/s.exec(pick) ?? []
    if (id !== undefined && typedIn({ said }, 'said') === typed) return Number(id)
  }
  return undefined
}
