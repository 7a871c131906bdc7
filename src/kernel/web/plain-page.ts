import { escapeHtml } from './page.ts'

/** A page of one sentence for one of whom nothing is known and for whom nothing is looked up; `href` is where to go. */
export const plainPage = (title: string, sentence: string, href?: string) =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${escapeHtml(title)}</title><p>${escapeHtml(sentence)}</p>${
    href ? `<p><a href="${escapeHtml(href)}">${escapeHtml(href)}</a></p>` : ''
  }</html>`
