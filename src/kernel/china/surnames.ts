/** Surnames of two characters; a name of two characters never begins with one. */
const compound = new Set(
  `欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 司徒 令狐 东方 端木 宇文 长孙 独孤 南宫 西门 轩辕 东郭 百里 呼延 闻人 澹台 公冶 濮阳 淳于 单于 太叔 申屠
  仲孙 钟离 鲜于 闾丘 司空 亓官 司寇 左丘 谷梁 宰父 段干 公羊 赫连 拓跋 完颜 纳兰 叶赫 那拉 第五 梁丘 东里 乐正 漆雕 壤驷 公良 夹谷 微生 羊舌`
    .split(/\s+/)
    .filter(Boolean),
)

export type NameParts = { surname: string; given: string }

/**
 * Parts the name of a person: Chinese names of two to four hanzi after their surname; names in Latin letters before the
 * last word. Other names (买买提·艾力) have no surname and stay whole.
 */
export function nameParts(name: string): NameParts {
  const hanzi = [...name.replace(/\s+/g, '')]
  if (hanzi.length >= 2 && hanzi.length <= 4 && hanzi.every((sign) => /^\p{Script=Han}$/u.test(sign))) {
    const length = hanzi.length > 2 && compound.has(hanzi.slice(0, 2).join('')) ? 2 : 1
    return { surname: hanzi.slice(0, length).join(''), given: hanzi.slice(length).join('') }
  }
  const words = /^[\p{Script=Latin}\s.'-]+$/u.test(name) ? name.trim().split(/\s+/) : []
  return words.length > 1
    ? { surname: words.at(-1) as string, given: words.slice(0, -1).join(' ') }
    : { surname: '', given: name }
}
