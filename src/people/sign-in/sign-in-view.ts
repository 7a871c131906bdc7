import { text } from '../../texts/index.ts'
import type { KeptForm } from './parked-form.ts'

type Parts = {
  username?: string
  to?: string
  message?: string
  notice?: string
  restored?: string
  kept?: KeptForm
}

/** The data of views/people/sign-in/new.eta. */
export function signInView({ kept, ...parts }: Parts) {
  const carried = kept && {
    to: kept.action,
    form: JSON.stringify({ fields: kept.fields, hadPassword: kept.hadPassword }),
  }
  return { title: text.sessions.signIn, session: { ...parts, kept: carried } }
}
