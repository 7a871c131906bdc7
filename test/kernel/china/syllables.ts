import t from 'tap'
import { companyPinyin } from '../../../src/kernel/china/pinyin.ts'
import { completions, readingsOf, syllableRuns } from '../../../src/kernel/china/syllables.ts'

const read = (letters: string) => readingsOf(letters).map((one) => one.join('-'))
const runs = (name: string) => {
  const { full, initials } = companyPinyin(name)
  return syllableRuns(full, initials).map((run) => run.join('-'))
}

t.test('letters are read as syllables in every way, the last of which may only have begun', async (t) => {
  t.strictSame(read('kaideya'), ['kai-de-ya'])
  t.strictSame(read('xian'), ['xian', 'xia-n', 'xi-an', 'xi-a-n'])
  t.strictSame(read('chunsh'), ['chun-sh'])
  for (const letters of ['mr', 'ccmr', 'k', 'chang1', 'hngx', '']) t.strictSame(read(letters), [], letters)
  t.ok(readingsOf('xian'.repeat(12)).length <= 12, 'of very many ways a few are looked at')
  t.strictSame(completions('kao'), ['kao'])
})

t.test('the initials say where a syllable of a name begins', async (t) => {
  t.strictSame(runs('长春凯德亚公司'), ['chang-chun-kai-de-ya-gong-si'])
  t.strictSame(runs('西安方案'), ['xi-an-fang-an'])
  t.strictSame(runs('3M中国Kaide厂'), ['zhong-guo', 'a', 'e-chang'])
  t.strictSame(runs(''), [])
  t.equal(runs('长'.repeat(100))[0]?.split('-').length, 40, 'of a pinyin that was cut, as many as stand there')
})
