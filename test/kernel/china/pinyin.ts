import t from 'tap'
import { companyPinyin, personPinyin } from '../../../src/kernel/china/pinyin.ts'

t.test('company names', async (t) => {
  t.same(companyPinyin('重庆长安汽车'), { full: 'chongqingchanganqiche', initials: 'cqcaqc' })
  t.same(companyPinyin('Ａbc（深圳）１2 㐂'), { full: 'abcshenzhen12', initials: 'abcsz12' })
  t.equal(companyPinyin('绿源女装').full, 'lvyuannvzhuang')
  t.equal(companyPinyin('厦门大厦').full, 'xiamendasha')
  t.equal(companyPinyin('某某商行').full, 'moumoushanghang')
  t.same(companyPinyin('（）'), { full: '', initials: '' })
})

t.test('place names', async (t) => {
  const readings = {
    乐清市: 'yueqingshi',
    蚌埠市: 'bengbushi',
    六安市: 'luanshi',
    亳州市: 'bozhoushi',
    荥阳市: 'xingyangshi',
    涡阳县: 'guoyangxian',
    铅山县: 'yanshanxian',
    东阿县: 'dongexian',
    台州市: 'taizhoushi',
    丽水市: 'lishuishi',
    莘县: 'shenxian',
    郏县: 'jiaxian',
    厦门市: 'xiamenshi',
    番禺区: 'panyuqu',
    单县: 'shanxian',
    蔚县: 'yuxian',
    歙县: 'shexian',
    泌阳县: 'biyangxian',
    喀什地区: 'kashidiqu',
    什邡市: 'shifangshi',
    都匀市: 'duyunshi',
    宜都市: 'yidushi',
    南京市六合区: 'nanjingshiluhequ',
    洪洞县: 'hongtongxian',
    长子县: 'zhangzixian',
    乐亭县: 'laotingxian',
    乐山市: 'leshanshi',
  }
  for (const [name, full] of Object.entries(readings)) t.equal(companyPinyin(name).full, full, name)
})

t.test('persons: the first characters are a surname', async (t) => {
  const readings = {
    单雄信: 'shanxiongxin',
    曾国: 'zengguo',
    仇和: 'qiuhe',
    解缙: 'xiejin',
    朴树: 'piaoshu',
    区伟: 'ouwei',
    尉迟恭: 'yuchigong',
    王𬱖: 'wangdi',
    吕布: 'lvbu',
  }
  for (const [name, full] of Object.entries(readings)) t.equal(personPinyin(name).full, full, name)
  t.equal(personPinyin('尉迟恭').initials, 'ycg')
})

t.test('length', async (t) => {
  const { full, initials } = companyPinyin('长春'.repeat(100))
  t.equal(full.length, 200)
  t.equal(initials.length, 100)
})
