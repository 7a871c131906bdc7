import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Act } from '../permissions.ts'
import type { Action } from '../web/list.ts'
import { maskRow } from '../web/masks.ts'
import { unmaskButton } from '../web/unmasking.ts'
import type { Viewer } from '../web/viewer.ts'
import { cardActsOn } from './card-acts.ts'
import { aboveFacts } from './card-items.ts'
import { wordsOf } from './catalogue.ts'
import { fileRightsOn, seenFiles } from './file-rights.ts'
import { givenColumn, has, type Module, nameOf, rightOf, type Stored } from './module.ts'
import { askingFor, reachOn } from './reach.ts'
import { addressOf, collectionOf } from './record-address.ts'

type Tab = 'basic' | 'files'
type Shown = { stored: Stored; viewer: Viewer; tab: Tab }

/** The title of a record's page, and the head of its card with the tabs, where it has more than one. */
export async function cardHead(db: Knex, request: FastifyRequest, module: Module, { stored, viewer, tab }: Shown) {
  const path = addressOf(module, stored)
  const title = nameOf(module, maskRow(stored, module.fields, viewer))
  return {
    title,
    card: {
      title,
      back: collectionOf(module, stored),
      actions: await actionsFor(db, module, request, stored),
      unmask: unmaskButton(stored, module.fields, { viewer, permission: rightOf(module, 'unmask'), path }),
      facts: await aboveFacts(db, module, stored, viewer),
      tabs: await tabsOf(db, module, request, stored, tab),
    },
  }
}

async function tabsOf(db: Knex, module: Module, { viewer }: FastifyRequest, stored: Stored, tab: Tab) {
  const files = await seenFiles(db, module, viewer, stored)
  if (!files) return []
  const { basic, files: label } = wordsOf(module)
  const path = addressOf(module, stored)
  return [
    { label: basic, href: path, isCurrent: tab === 'basic' },
    { label, href: `${path}/files`, count: files.length, isCurrent: tab === 'files' },
  ]
}

/** What this person may do with the record. */
async function actionsFor(db: Knex, module: Module, { viewer }: FastifyRequest, record: Stored) {
  const path = addressOf(module, record)
  const acts: { act: 'update' | 'transfer' | 'print' | 'delete'; href: string; kind: Action['kind'] }[] = [
    { act: 'update', href: `${path}/edit`, kind: 'primary' },
    ...(givenColumn(module) ? [{ act: 'transfer', href: `${path}/transfer`, kind: 'plain' } as const] : []),
    { act: 'print', href: `${path}/print.pdf`, kind: 'plain' },
    { act: 'delete', href: `${path}/deletion`, kind: 'danger' },
  ]
  const reaches = await reachOn(db, module, record)
  const isDone = (act: Act) => !module.hooks?.barred?.(record, act, viewer)
  const shown = acts.filter(({ act }) => has(module, act) && reaches(askingFor(module, viewer, act)) && isDone(act))
  const may = await fileRightsOn(db, module, viewer, record)
  const others = cardActsOn(module, record, may).map(({ label, href }): Action => ({ label, href, kind: 'plain' }))
  const usual = shown.flatMap(({ act, href, kind }): Action[] => [
    { label: text.actions[act], href, kind },
    ...(act === 'print' ? papersOf(module, path) : []),
  ])
  return [...usual.filter(({ kind }) => kind !== 'danger'), ...others, ...usual.filter(({ kind }) => kind === 'danger')]
}

const papersOf = ({ papers = [] }: Module, path: string): Action[] =>
  papers.map(({ name, label }) => ({ label, href: `${path}/papers/${name}`, kind: 'plain' }))
