/** The syllables of Mandarin as pinyin-pro writes them (ü as v), without those that are only sounds (m, ng, o). */
const syllables = new Set(
  `
  a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng
  cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu
  cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo
  e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan
  guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian
  jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan
  kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan
  lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao
  ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve ou pa pai pan pang pao pei pen
  peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang
  rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she
  shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan
  tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi
  xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan
  yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua
  zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
`.match(/[a-z]+/g),
)

const beginnings = Map.groupBy(
  [...syllables].flatMap((syllable) =>
    Array.from(syllable, (_, index) => ({ start: syllable.slice(0, index + 1), syllable })),
  ),
  ({ start }) => start,
)
const longest = Math.max(...[...syllables].map(({ length }) => length))

/** So many ways of reading letters as syllables are looked at, those of the fewest syllables first. */
const mostReadings = 12

/** The syllables that begin so. */
export const completions = (start: string): string[] => beginnings.get(start)?.map(({ syllable }) => syllable) ?? []

/**
 * The ways in which letters without blanks can be syllables: xian is one or two. The last may only have begun (kaide is
 * the beginning of kai-de and of kai-deng). Empty for letters that are no pinyin.
 */
export function readingsOf(letters: string): string[][] {
  if (!/^[a-z]{2,}$/.test(letters)) return []
  let open: string[][] = [[]]
  const found: string[][] = []
  while (open.length > 0 && found.length < mostReadings) {
    const next: string[][] = []
    for (const read of open) {
      const rest = letters.slice(read.join('').length)
      if (beginnings.has(rest)) found.push([...read, rest])
      for (let length = Math.min(longest, rest.length - 1); length > 0; length--)
        if (syllables.has(rest.slice(0, length))) next.push([...read, rest.slice(0, length)])
    }
    open = next.slice(0, 4 * mostReadings)
  }
  return found.slice(0, mostReadings)
}

/**
 * The runs of syllables of a full pinyin whose initials are known, which say where one begins: xian with xa is xi-an.
 * What is no syllable (letters and digits of a name) ends a run.
 */
export function syllableRuns(full: string, initials: string): string[][] {
  const read = piecesOf(full, initials)
  const runs: string[][] = [[]]
  for (const piece of read)
    if (syllables.has(piece)) runs.at(-1)?.push(piece)
    else runs.push([])
  return runs.filter(({ length }) => length > 0)
}

/** As many pieces as fit: the end of a very long name is cut off. */
function piecesOf(full: string, initials: string): string[] {
  const dead = new Set<string>()
  let best: string[] = []
  const walk = (at: number, pieces: string[]): boolean => {
    if (pieces.length > best.length) best = pieces
    if (at === full.length) return true
    const place = `${at} ${pieces.length}`
    if (dead.has(place) || full[at] !== initials[pieces.length]) return false
    for (let length = Math.min(longest, full.length - at); length > 0; length--) {
      const piece = full.slice(at, at + length)
      if ((length === 1 || syllables.has(piece)) && walk(at + length, [...pieces, piece])) return true
    }
    dead.add(place)
    return false
  }
  walk(0, [])
  return best
}
