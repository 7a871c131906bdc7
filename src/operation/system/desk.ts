import { registerDeskSection } from '../../kernel/desk/sections.ts'
import { text } from '../../texts/index.ts'
import { systemFacts } from './facts.ts'

/** Puts what is wrong with the program or its backups on the workbench of those who look after it. */
export const registerSystemOnDesk = () =>
  registerDeskSection(5, async (app, request) => {
    if (!request.can('system.view')) return undefined
    const groups = await systemFacts(app, request.viewer)
    const wrong = groups.flatMap(({ items }) => items.filter(({ tone }) => tone === 'red' || tone === 'amber'))
    if (wrong.length === 0) return undefined
    return {
      title: text.desk.system,
      columns: [
        { name: 'label', label: text.desk.matter },
        { name: 'text', label: text.desk.state },
      ],
      rows: wrong.map(({ label, text: said, href, tone = 'red' }, id) => ({
        id,
        cells: [
          { text: label, href: href ?? '/system' },
          { text: said, tone },
        ],
      })),
      allHref: '/system',
      empty: '',
      isAside: true,
    }
  })
