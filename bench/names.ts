import { readFileSync } from 'node:fs'
import { companyPinyin } from '../src/kernel/china/pinyin.ts'

export type SpelledName = { name: string; full: string; initials: string }

const cities = '长春 北京 上海 广州 深圳 天津 重庆 成都 武汉 杭州 南京 沈阳 大连 哈尔滨 济南 青岛 西安 郑州'.split(' ')
const ordinals = [...'一二三四五六七八九十']

/** One name to a line. */
export function readNames(file: string | URL): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean)
}

/**
 * A function from row number to a company name with its pinyin: first the base names, then each of them again as a
 * branch. A base name is spelled once, because spelling takes about 40 microseconds.
 */
export function companyNames(bases: string[]): (index: number) => SpelledName {
  const spelled: SpelledName[] = []
  const endings = branchEndings().map(spell)
  return (index) => {
    const at = index % bases.length
    const base = spelled[at] ?? spell(bases[at] as string)
    spelled[at] = base
    const round = Math.floor(index / bases.length)
    return round === 0 ? base : join(base, endings[(round * 7 + at) % endings.length] as (typeof endings)[number])
  }
}

function branchEndings(): string[] {
  const numbers = ordinals.map((ordinal) => `第${ordinal}分公司`)
  return [...cities.flatMap((city) => [`（${city}）`, `${city}分公司`, `${city}办事处`]), ...numbers]
}

function spell(name: string): SpelledName {
  return { name, ...companyPinyin(name) }
}

function join(base: SpelledName, ending: SpelledName): SpelledName {
  return { name: base.name + ending.name, full: base.full + ending.full, initials: base.initials + ending.initials }
}
