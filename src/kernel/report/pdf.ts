import { type BarChart, barChart } from './chart.ts'
import { drawChart } from './pdf-chart.ts'
import type { ReportTable } from './pdf-columns.ts'
import { type Condition, drawFeet, drawHead } from './pdf-frame.ts'
import { drawSection, type Section } from './pdf-section.ts'
import { drawSignatures, type Signatures } from './pdf-signatures.ts'
import { drawTable } from './pdf-table.ts'
import { openSheet } from './sheet.ts'

export type { ReportColumn, ReportTable } from './pdf-columns.ts'
export type { Section } from './pdf-section.ts'

/** `madeAt` is an ISO instant; `chart` is drawn or still to be drawn; `logo` is a PNG or JPEG; `isWide` turns the paper. */
export type Report = {
  company: string
  title: string
  logo?: Uint8Array | null
  conditions: Condition[]
  madeBy: string
  madeAt: string
  isWide?: boolean
  chart?: string | BarChart | null
  sections?: Section[]
  table?: ReportTable
  /** Who signs below the table, and what they sign. */
  signatures?: Signatures
}

/**
 * A report on A4 as a stream of PDF bytes, already ended: send it or pipe it. Chinese is embedded as a subset of
 * Noto Sans SC and its sisters; characters they all lack print as a numbered geta mark and are named in the foot of the last page.
 */
export async function reportPdf(report: Report): Promise<PDFKit.PDFDocument> {
  const madeAt = new Date(report.madeAt)
  const about = { Title: report.title, Author: report.madeBy, CreationDate: madeAt }
  const sheet = await openSheet(about, report.isWide)
  drawHead(sheet, report)
  const chart = typeof report.chart === 'object' ? report.chart && (await barChart(report.chart)) : report.chart
  if (chart) drawChart(sheet, chart)
  for (const section of report.sections ?? []) drawSection(sheet, section)
  if (report.table) drawTable(sheet, report.table)
  if (report.signatures) drawSignatures(sheet, report.signatures)
  drawFeet(sheet, report.madeBy, madeAt)
  sheet.doc.end()
  return sheet.doc
}

/** The same as bytes. */
export async function reportBytes(report: Report): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const part of await reportPdf(report)) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
