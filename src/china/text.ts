// Full-width letters, digits, brackets and the signs used inside numbers and addresses; 康熙部首 that PDF files put in place of hanzi.
// Left out on purpose: ， 。 ： ； ！ ？ ～ 、 “ ”, which are Chinese punctuation, and ① ㎡ ℃ ½, which NFKC would spell out.
const wideForms = /[０-９Ａ-Ｚａ-ｚ（）［］｛｝＠．－／＋＃＆＝＿％＼｜＊＜＞＂＇\u2F00-\u2FD5\u2E9F\u2EF3]/g
const wideSpaces = /[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g
// Control characters but tab and line feed, and invisible marks; the zero-width joiners stay, Mongolian, Tibetan and emoji need them.
const invisible = /(?![\t\n])\p{Cc}|[\u00AD\u200B\u200E\u200F\u2060\u202A-\u202E\u2066-\u2069\uFEFF]/gu

// Printable ASCII, hanzi and 、。 with line feeds and tabs: most of what is written, and nothing of it is ever changed.
const plain = /^[\t\n\x20-\x7E\u3001\u3002\u4E00-\u9FFF]*$/

/**
 * Makes typed or imported text even without changing what it says: full-width letters, digits, brackets and spaces become
 * half-width, line ends become \n, NUL and other control characters go, a lone surrogate becomes U+FFFD. Chinese
 * punctuation, line breaks, tabs and rare hanzi stay. For free text (notes, contents).
 */
export function cleanText(text: string): string {
  if (plain.test(text)) return text
  return text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
    .normalize('NFC')
    .replace(wideForms, (character) => character.normalize('NFKC'))
    .replace(wideSpaces, ' ')
    .replace(invisible, '')
}

/** `cleanText`, then every run of blanks and line breaks becomes one space and the ends are trimmed. For one-line fields. */
export function singleLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim()
}
