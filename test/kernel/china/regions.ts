import t from 'tap'
import { isNamelessCity } from '../../../src/kernel/china/regions.ts'

t.test('the cities of the four municipalities are no places of their own', (t) => {
  for (const code of ['110100', '120100', '310100', '500100', '500200']) t.ok(isNamelessCity(code), code)
  for (const code of ['110000', '110101', '110300', '220100', '510100', null]) t.notOk(isNamelessCity(code), `${code}`)
  t.end()
})
