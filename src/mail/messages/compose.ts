import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { StoredFile } from '../../kernel/files/file.ts'
import { storedPath } from '../../kernel/files/storage.ts'
import { escapeHtml } from '../../kernel/web/page.ts'

type Address = { name: string; address: string }

/** One message, ready to be written as MIME. Whoever gets it unseen is not part of it. */
export type Written = {
  message_id: string
  from: Address
  replyTo: string | null
  to: Address
  cc: string[]
  subject: string
  body: string
  attachments: Pick<StoredFile, 'name' | 'storage_name'>[]
}

/** The message as it goes over the wire: plain text, the same as simple HTML, and the attachments from the data folder. */
export async function contentOf(written: Written, folder: string): Promise<Readable> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const { from, replyTo, to, cc, subject, body } = written
  const composer = new MailComposer({
    messageId: written.message_id,
    date: new Date(),
    from,
    ...(replyTo && { replyTo }),
    to,
    cc,
    subject,
    text: body,
    html: htmlOf(body),
    attachments: written.attachments.map(({ name, storage_name }) => ({
      filename: name,
      content: createReadStream(storedPath(folder, storage_name)),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().createReadStream()
}

const link = /https?:\/\/[^\s<>"'\uFF0C\u3002\uFF1B\u3001\uFF09)]+/g

/** Plain text as HTML: paragraphs at empty lines, and what looks like a web address leads there. */
export function htmlOf(body: string): string {
  const paragraphs = body.split(/\n{2,}/).map((paragraph) => `<p>${linked(paragraph).replaceAll('\n', '<br>\n')}</p>`)
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"></head><body>\n${paragraphs.join('\n')}\n</body></html>`
}

function linked(plain: string): string {
  let at = 0
  let html = ''
  for (const found of plain.matchAll(link)) {
    const address = escapeHtml(found[0])
    html += `${escapeHtml(plain.slice(at, found.index))}<a href="${address}">${address}</a>`
    at = found.index + found[0].length
  }
  return html + escapeHtml(plain.slice(at))
}
