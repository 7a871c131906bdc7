// Full-width letters, digits, brackets and the signs used inside numbers and addresses; 康熙部首 that PDF files put in place of hanzi.
// Left out on purpose: ， 。 ： ； ！ ？ ～ 、 “ ”, which are Chinese punctuation, and ① ㎡ ℃ ½, which NFKC would spell out.
const wideForms = /[０-９Ａ-Ｚａ-ｚ（）［］｛｝＠．－／＋＃＆＝＿％＼｜＊＜＞＂＇\u2F00-\u2FD5\u2E9F\u2EF3]/g
const wideSpaces = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]/g

// What nobody sees: control characters but tab and line feed, Unicode's default ignorable code points, places of objects.
// Some of these are part of what is seen before them, and stay there.
const seen = [
  String.raw`\p{Script=Han}[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]`, // the form of a rare hanzi (IVS, UTS 37)
  String.raw`[\p{S}\p{Extended_Pictographic}][\u{FE00}-\u{FE0F}]`,
  String.raw`[0-9#*]\u{FE0F}(?=\u{20E3})`, // a key cap
  String.raw`[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}]\u{200D}(?=\p{Extended_Pictographic})`, // a family
  String.raw`\u{1F3F4}[\u{E0020}-\u{E007E}]{0,6}[\u{E0020}-\u{E007F}]`, // the flag of Scotland; a code has six signs at most
  String.raw`[[\p{L}\p{M}]--[\p{sc=Han}\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hira}\p{sc=Kana}\p{sc=Hangul}\p{sc=Bopo}\p{DI}]][\u200C\u200D]`,
  String.raw`\p{Script=Mongolian}[\u180B-\u180F]`,
].join('|')
const invisible = new RegExp(`[\\p{Cc}--[\\t\\n]]|[\\uFFF9-\\uFFFC\\uFFFE\\uFFFF]|\\p{DI}(?<!${seen})`, 'gv')

// Printable ASCII, hanzi and their punctuation with line feeds and tabs: most of what is written, and nothing of it is ever changed.
const plain = /^[\t\n\x20-\x7E\u201C\u201D\u3001\u3002\u300A\u300B\u4E00-\u9FFF\uFF0C\uFF1A\uFF1B]*$/

/**
 * Makes typed or imported text even without changing what it says: full-width letters, digits, brackets and spaces become
 * half-width, line ends become \n, control characters and what nobody sees (zero width, soft hyphen, marks of byte order
 * and of writing direction) go, a lone surrogate becomes U+FFFD. Chinese punctuation, line breaks, tabs, rare hanzi and
 * joined emoji stay. All that comes in goes through here before it is compared or stored.
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
