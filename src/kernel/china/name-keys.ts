import { regionWords } from './regions.ts'

/** Compare keys of a name: `exact` for the unique-name warning, `safe` for "probably the same", `weak` for suggestions only. */
export type NameKeys = { exact: string; safe: string; weak: string }

const dropped = /[\s\p{Cc}\p{Cf}\p{DI}·•‧・．.,，、\-‐‑–—_/\\'"‘’“”`&]/gu
const legalForm = /(?:有限责任|责任有限|股份有限|有限|股份)?公司|集团/g
const otherBody = /分公司|办事处|分店|分厂|\(个体\)/
const foreignForm =
  /(?<=[\s,.)\p{Script=Han}])(?:CO|LTD|LIMITED|INC|INCORPORATED|LLC|GMBH|CORP|CORPORATION|COMPANY|PLC)(?=[\s,.)]|$)/gu
const shortestWeak = 4
const wordsAtHead = 3

const words = regionWords()
const wordLengths = groupLengths(words)

/**
 * The three keys of a company or person name. Legal forms, 集团 and foreign forms (Co., Ltd.) leave the safe key; regions
 * at the head and in brackets leave the weak key, at most three and only while four characters remain (重庆长安汽车 keeps
 * 长安汽车). 分公司, 办事处, 分店 and (个体) are other bodies than the company they belong to: nothing of them is removed.
 */
export function nameKeys(name: string): NameKeys {
  const upper = name
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[〔【[]/g, '(')
    .replace(/[〕】\]]/g, ')')
  const exact = upper.replace(dropped, '')
  if (otherBody.test(exact)) {
    const whole = unwrap(exact)
    return { exact, safe: whole, weak: whole }
  }
  const core = upper.replace(foreignForm, '').replace(dropped, '')
  const safe = safeKey(core) || exact
  return { exact, safe, weak: weakKey(core, safe) }
}

function safeKey(core: string): string {
  return unwrap(core.replace(legalForm, ''))
}

function unwrap(text: string): string {
  return text.replace(/[()]/g, '')
}

function weakKey(core: string, safe: string): string {
  const withoutPlace = core.includes('(') ? safeKey(core.replace(/\(([^()]+)\)/g, dropPlace)) : safe
  return withoutHead(isLongEnough(withoutPlace) ? withoutPlace : safe)
}

function dropPlace(whole: string, inside: string): string {
  return words.has(inside) || inside === '中国' ? '' : whole
}

function withoutHead(text: string): string {
  let rest = text
  for (let i = 0; i < wordsAtHead; i++) {
    const length = headLength(rest)
    if (length === 0 || !isLongEnough(rest.slice(length))) break
    rest = rest.slice(length)
  }
  return rest
}

function headLength(text: string): number {
  return wordLengths.get(text.slice(0, 2))?.find((length) => words.has(text.slice(0, length))) ?? 0
}

function isLongEnough(text: string): boolean {
  return text.length >= shortestWeak * 2 || [...text].length >= shortestWeak
}

// Longest first, by the first two characters, so that 吉林市 is tried before 吉林.
function groupLengths(all: Set<string>): Map<string, number[]> {
  const lengths = new Map<string, number[]>()
  for (const word of all) {
    const head = word.slice(0, 2)
    lengths.set(
      head,
      [...new Set([...(lengths.get(head) ?? []), word.length])].sort((a, b) => b - a),
    )
  }
  return lengths
}
