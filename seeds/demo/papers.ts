import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Knex } from 'knex'
import { customerKind, findCustomer } from '../../src/customers/customers/customer.ts'
import { addFile } from '../../src/kernel/files/file.ts'
import {
  fileFolder,
  incomingPath,
  measure,
  moveInto,
  newStorageName,
  storedPath,
  thumbnailPath,
} from '../../src/kernel/files/storage.ts'
import type { StoredContent } from '../../src/kernel/files/upload.ts'
import { type Report, reportBytes } from '../../src/kernel/report/pdf.ts'
import { writeXlsx } from '../../src/kernel/spreadsheets/write-xlsx.ts'
import { eventOf } from '../../src/kernel/web/record.ts'
import type { Actor } from '../../src/kernel/web/session.ts'
import { everybody } from '../../src/kernel/web/viewers.ts'
import { addPicture, pictureLimits } from '../../src/office/company/pictures.ts'

type By = { dataDir: string; actor: Actor; company: string }
type Content = { name: string; bytes: Uint8Array; content_type: string; thumbnail?: Uint8Array }
type Size = { width: number; height: number }

const offers: [name: string, pieces: number, price: number][] = [
  ['输送线改造', 1, 186_000],
  ['控制柜', 3, 28_500],
  ['现场安装调试', 1, 36_000],
]

/** Our logo, and papers at some customers: an offer to print and a list of deliveries to reckon with. */
export async function addPapers(trx: Knex, customers: number[], by: By) {
  await addLogo(trx, by)
  for (const id of customers) {
    const customer = await findCustomer(trx, everybody, id)
    for (const content of [await offerFor(customer.name, by), await deliveries()])
      await addFile(trx, eventOf(customerKind, customer), 'file', await stored(content, by), by.actor)
  }
}

async function addLogo(trx: Knex, by: By) {
  const { default: sharp } = await import('sharp')
  const picture = sharp(fileURLToPath(new URL('logo.svg', import.meta.url))).resize({
    ...pictureLimits.logo.mark,
    fit: 'inside',
  })
  const { data, info } = await picture.png().toBuffer({ resolveWithObject: true })
  const thumbnail = await sharp(data).resize(160, 160, { fit: 'inside' }).webp().toBuffer()
  const content = { name: '禾木晴川标志.png', bytes: data, content_type: 'image/png', thumbnail }
  await addPicture(trx, 'logo', await stored(content, by, info), by.actor)
}

async function stored(content: Content, { dataDir }: By, size?: Size): Promise<StoredContent> {
  const folder = fileFolder(dataDir)
  const storage_name = newStorageName()
  const { name, bytes, content_type, thumbnail } = content
  const path = await incomingPath(folder)
  await writeFile(path, bytes)
  const facts = await measure(path)
  await moveInto(storedPath(folder, storage_name), path)
  if (thumbnail) await writeFile(thumbnailPath(folder, storage_name), thumbnail)
  return { name, content_type, storage_name, ...facts, width: size?.width ?? null, height: size?.height ?? null }
}

async function offerFor(customer: string, { actor, company }: By): Promise<Content> {
  const report: Report = {
    company,
    title: '产品报价单',
    conditions: [
      { label: '客户', value: customer },
      { label: '有效期', value: '30 天' },
    ],
    madeBy: actor.name,
    madeAt: new Date().toISOString(),
    table: {
      columns: [
        { label: '项目', kind: 'text' },
        { label: '数量', kind: 'number' },
        { label: '单价（元）', kind: 'number' },
        { label: '金额（元）', kind: 'number' },
      ],
      rows: offers.map(([name, pieces, price]) => [name, pieces, price, pieces * price]),
      total: ['合计', '', '', offers.reduce((sum, [, pieces, price]) => sum + pieces * price, 0)],
    },
  }
  return { name: '产品报价单.pdf', bytes: await reportBytes(report), content_type: 'application/pdf' }
}

async function deliveries(): Promise<Content> {
  const columns = [
    { label: '品名', kind: 'text' as const },
    { label: '数量', kind: 'number' as const },
  ]
  const parts: Buffer[] = []
  const rows = offers.map(([name, pieces]) => [name, pieces])
  for await (const part of writeXlsx(columns, rows, '供货清单')) parts.push(part)
  const content_type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  return { name: '供货清单.xlsx', bytes: Buffer.concat(parts), content_type }
}
