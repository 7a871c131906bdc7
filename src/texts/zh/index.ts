import { common } from './common.ts'
import { config } from './config.ts'
import { errors } from './errors.ts'
import { form } from './form.ts'
import { actions, menu, modules, roles } from './kernel.ts'
import { list } from './list.ts'
import { preset } from './preset.ts'
import { record } from './record.ts'
import { server } from './server.ts'

export const zh = { actions, common, config, errors, form, list, menu, modules, preset, record, roles, server }
