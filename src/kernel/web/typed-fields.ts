import type { Body } from './form.ts'

const isPasswordName = (name: string) => name.startsWith('password')

/** What a form holds, name by name, as it may be kept: passwords are left out. */
export function typedFields(body: Body): { fields: [name: string, value: string][]; hadPassword: boolean } {
  const typed = Object.entries(body as Record<string, string | string[]>)
  const fields = typed
    .filter(([name]) => !isPasswordName(name))
    .flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]))
  return { fields, hadPassword: typed.some(([name]) => isPasswordName(name)) }
}
