import t from 'tap'
import { isMobile, maskPhone, parsePhone } from '../../src/china/phone.ts'

const changchun = '+8643184978981'
const cases: [typed: string, shown: string, ...keys: string[]][] = [
  ['0431-84978981', '0431-84978981', changchun],
  ['（0431）8497 8981', '0431-84978981', changchun],
  ['0431－84978981', '0431-84978981', changchun],
  ['０４３１—８４９７８９８１', '0431-84978981', changchun],
  ['043184978981', '0431-84978981', changchun],
  ['86-431-84978981', '0431-84978981', changchun],
  ['086-0431-84978981', '0431-84978981', changchun],
  ['0086 431 84978981', '0431-84978981', changchun],
  ['+86(0431)84978981', '0431-84978981', changchun],
  ['电话：0431-84978981', '0431-84978981', changchun],
  ['Tel. 0431-84978981 ext 12', '0431-84978981-12', changchun],
  ['0431-84978981-8012', '0431-84978981-8012', changchun],
  ['0431-84978981转分机8012', '0431-84978981-8012', changchun],
  ['+86 10 88886666', '010-88886666', '+861088886666'],
  ['010 88886666转8012', '010-88886666-8012', '+861088886666'],
  ['0759-2123456', '0759-2123456', '+867592123456'],
  ['１３８００１３８０００', '13800138000', '+8613800138000'],
  ['138 0013 8000', '13800138000', '+8613800138000'],
  ['013800138000', '13800138000', '+8613800138000'],
  ['+86-138-0013-8000', '13800138000', '+8613800138000'],
  ['4008001234', '400-800-1234', '+864008001234'],
  ['800-810-1234', '800-810-1234', '+868008101234'],
  ['95588', '95588', '+8695588'],
  ['84978981', '84978981', changchun],
  ['84978981-12', '84978981-12', changchun],
  ['+1 (650) 253-0000', '+1 (650) 253-0000', '+16502530000'],
  ['00852 2345 6789', '00852 2345 6789', '+85223456789'],
  ['021-6888 8888、13512345678', '021-68888888 / 13512345678', '+862168888888', '+8613512345678'],
  ['13800138000 13900139000', '13800138000 / 13900139000', '+8613800138000', '+8613900139000'],
  ['电话0431-84978981 手机13800138000', '0431-84978981 / 13800138000', changchun, '+8613800138000'],
  ['0431-84978981/82', '0431-84978981 / 0431-84978982', changchun, '+8643184978982'],
  ['', ''],
]

t.test('numbers that are understood', async (t) => {
  for (const [typed, text, ...keys] of cases) {
    t.same(parsePhone(typed, '0431'), { text, keys, isParsed: true }, typed)
    t.same(parsePhone(text, '0431'), { text, keys, isParsed: true }, `${typed} again`)
  }
})

t.test('text that is no number is kept', async (t) => {
  for (const typed of ['12345678901', '1380013800', '不详', '12800138000', '0431-1234567']) {
    t.same(parsePhone(typed, '0431'), { text: typed, keys: [], isParsed: false }, typed)
  }
  t.same(parsePhone('13800138000（王经理）'), {
    text: '13800138000(王经理)',
    keys: ['+8613800138000'],
    isParsed: false,
  })
})

t.test('without an area code of the own company', async (t) => {
  t.same(parsePhone('84978981').keys, ['84978981'])
  t.same(parsePhone('0431-84978981').keys, [changchun])
})

t.test('mask', async (t) => {
  t.equal(maskPhone('１３８００１３８０００'), '138****8000')
  t.equal(maskPhone('0431-84978981'), '0431-****8981')
  t.equal(maskPhone('010-88886666转8012，13800138000'), '010-****6666-8012 / 138****8000')
  t.equal(maskPhone('+1 650 253 0000'), '+****0000')
  t.equal(maskPhone('84978981'), '****8981')
  t.equal(maskPhone('王经理1 3 8 0013 8000'), '王经理****8000')
  t.equal(maskPhone('不详'), '不详')
  for (const [typed] of cases.filter(([typed]) => typed.length > 6)) t.notMatch(maskPhone(typed), /\d{5}/, typed)
})

t.test('mobile', async (t) => {
  t.equal(isMobile('+86 138 0013 8000'), true)
  t.equal(isMobile('13800138000/13900139000'), false)
  t.equal(isMobile('12800138000'), false)
  t.equal(isMobile('0431-84978981'), false)
  t.equal(isMobile(''), false)
})
