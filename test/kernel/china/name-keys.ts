import t from 'tap'
import { nameKeys } from '../../../src/kernel/china/name-keys.ts'
import { shortRegionName } from '../../../src/kernel/china/regions.ts'

t.test('exact key: width, case, blanks and small signs', async (t) => {
  const { exact } = nameKeys('腾讯科技(深圳)有限公司')
  for (const same of [
    '腾讯科技（深圳）有限公司',
    '腾讯 科技【深圳】有限公司',
    '腾讯·科技〔深圳〕有限公司。'.slice(0, -1),
  ]) {
    t.equal(nameKeys(same).exact, exact, same)
  }
  t.equal(nameKeys('ａｂｃ-d & e').exact, 'ABCDE')
  t.not(nameKeys('腾讯科技(北京)有限公司').exact, exact)
})

t.test('safe key: legal forms, 集团, brackets', async (t) => {
  for (const name of [
    '长春天马有限公司',
    '长春天马股份有限公司',
    '长春天马(集团)有限责任公司',
    '长春天马集团公司',
    '(长春)天马',
  ]) {
    t.equal(nameKeys(name).safe, '长春天马', name)
  }
  t.equal(nameKeys('吉林大学').safe, nameKeys('吉林大学').exact)
  t.equal(nameKeys('公司').safe, '公司', 'never empty')
})

t.test('foreign names', async (t) => {
  for (const name of ['Bosch GmbH', 'BOSCH Co., Ltd.', 'Bosch, Inc.', 'bosch limited', 'Bosch LLC']) {
    t.equal(nameKeys(name).safe, 'BOSCH', name)
  }
  t.equal(nameKeys('TEXACO Inc').safe, 'TEXACO', 'CO inside a word stays')
  t.equal(nameKeys('天马Co.,Ltd').safe, '天马')
})

t.test('weak key: regions at the head and in brackets', async (t) => {
  t.equal(nameKeys('内蒙古自治区呼和浩特市赛罕区天马软件有限公司').weak, '天马软件')
  t.equal(nameKeys('腾讯科技(深圳)有限公司').weak, '腾讯科技')
  t.equal(nameKeys('微软技术（中国）有限公司').weak, '微软技术')
  t.equal(nameKeys('长春天马计算机有限公司').weak, nameKeys('吉林省长春市天马计算机有限责任公司').weak)
})

t.test('weak key keeps four characters', async (t) => {
  t.equal(nameKeys('重庆长安汽车股份有限公司').weak, '长安汽车')
  t.equal(nameKeys('南京南京饭店').weak, '南京饭店')
  t.equal(nameKeys('长春酒厂').weak, '长春酒厂')
  t.equal(nameKeys('华星(中国)有限公司').weak, '华星中国')
})

t.test('branches are bodies of their own', async (t) => {
  for (const name of ['天马软件有限公司长春分公司', '天马软件有限公司上海办事处', '天马软件商店(个体)']) {
    const { exact, safe, weak } = nameKeys(name)
    t.equal(safe, exact.replace(/[()]/g, ''), name)
    t.equal(weak, safe, name)
  }
})

t.test('short names of regions', async (t) => {
  const names = [
    '吉林省',
    '延边朝鲜族自治州',
    '内蒙古自治区',
    '双江拉祜族佤族布朗族傣族自治县',
    '泾县',
    '东乡族自治县',
    '香港特别行政区',
    '巴音郭楞蒙古自治州',
  ]
  t.same(names.map(shortRegionName), ['吉林', '延边', '内蒙古', '双江', '泾县', '东乡', '香港', '巴音郭楞'])
})
