import { drawChart } from './pdf-chart.ts'
import type { ReportTable } from './pdf-columns.ts'
import { type Condition, drawFeet, drawHead } from './pdf-frame.ts'
import { drawSignatures, type Signatures } from './pdf-signatures.ts'
import { drawTable } from './pdf-table.ts'
import { openSheet } from './sheet.ts'

export type { ReportColumn, ReportTable } from './pdf-columns.ts'

/** `madeAt` is an ISO instant; `chart` is what `barChart` gave; `logo` is a PNG or JPEG. */
export type Report = {
  company: string
  title: string
  logo?: Buffer
  conditions: Condition[]
  madeBy: string
  madeAt: string
  chart?: string | null
  table: ReportTable
  /** Who signs below the table, and what they sign. */
  signatures?: Signatures
}

/**
 * A report on A4 as a stream of PDF bytes, already ended: send it or pipe it. Chinese is embedded as a subset of
 * Noto Sans SC; characters that font lacks print as a numbered geta mark and are named in the foot of the last page.
 */
export async function reportPdf(report: Report): Promise<PDFKit.PDFDocument> {
  const madeAt = new Date(report.madeAt)
  const sheet = await openSheet({ Title: report.title, Author: report.madeBy, CreationDate: madeAt })
  drawHead(sheet, report)
  if (report.chart) drawChart(sheet, report.chart)
  drawTable(sheet, report.table)
  if (report.signatures) drawSignatures(sheet, report.signatures)
  drawFeet(sheet, report.madeBy, madeAt)
  sheet.doc.end()
  return sheet.doc
}
