import { registerDeskSection } from '../../kernel/desk/sections.ts'
import { text } from '../../texts/index.ts'
import { mattersFor } from './matters.ts'

/** Puts what is wrong with the program or its backups on the workbench of those who look after it. */
export const registerSystemOnDesk = () =>
  registerDeskSection(5, async (app, request) => {
    if (!request.can('system.view')) return undefined
    const matters = await mattersFor(app, request)
    if (matters.length === 0) return undefined
    return {
      title: text.desk.system,
      columns: [
        { name: 'label', label: text.desk.matter },
        { name: 'text', label: text.desk.state },
      ],
      rows: matters.map(({ label, text: said, href, tone }, id) => ({
        id,
        cells: [
          { text: label, href },
          { text: said, tone },
        ],
      })),
      allHref: '/system',
      empty: '',
      isAside: true,
    }
  })
