import t from 'tap'
import { cityAtHead, isNamelessCity } from '../../../src/kernel/china/regions.ts'

t.test('the cities of the four municipalities are no places of their own', (t) => {
  for (const code of ['110100', '120100', '310100', '500100', '500200']) t.ok(isNamelessCity(code), code)
  for (const code of ['110000', '110101', '110300', '220100', '510100', null]) t.notOk(isNamelessCity(code), `${code}`)
  t.end()
})

t.test('the city that a name begins with', (t) => {
  const cities = {
    长春凯德亚: '220100',
    长春市凯德亚: '220100',
    吉林省长春市凯德亚: '220100',
    中国长春第一: '220100',
    吉林市明日: '220200',
    吉林吉林明日: '220200',
    上海浦东明日: '310100',
    重庆长安汽车: '500100',
    延边朝鲜族自治州明日: '222400',
  }
  for (const [name, code] of Object.entries(cities)) t.equal(cityAtHead(name), code, name)
  for (const name of ['吉林明日', '海南明日', '广东长春明日', '凯德亚', '长', ''])
    t.equal(cityAtHead(name), undefined, name)
  t.end()
})
