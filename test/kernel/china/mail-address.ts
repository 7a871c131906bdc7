import t from 'tap'
import { readMailAddress, wireAddress } from '../../../src/kernel/china/mail-address.ts'

t.test('what is written around an address is left out', (t) => {
  const right: Record<string, string> = {
    'wang@example.cn': 'wang@example.cn',
    'mailto:wang@example.cn': 'wang@example.cn',
    'MailTo:wang@example.cn?subject=您好': 'wang@example.cn',
    '邮箱：wang@example.cn': 'wang@example.cn',
    '电子邮箱: wang @ example.cn': 'wang@example.cn',
    'E-mail:wang@example.cn': 'wang@example.cn',
    'mailto:邮箱:wang@example.cn': 'wang@example.cn',
    'ｗａｎｇ＠example.cn': 'wang@example.cn',
    "o'neil@example.ie": "o'neil@example.ie",
    'a+b/c=d@mail.example.com': 'a+b/c=d@mail.example.com',
    'mail@example.cn': 'mail@example.cn',
    'Wang@Mail-1.Example.CN': 'Wang@Mail-1.Example.CN',
    '王芳@公司.中国': '王芳@公司.中国',
    'wang@公司。中国': 'wang@公司.中国',
    'wang@xn--55qx5d.xn--fiqs8s': 'wang@xn--55qx5d.xn--fiqs8s',
  }
  for (const [typed, kept] of Object.entries(right)) t.equal(readMailAddress(typed), kept, typed)
  t.end()
})

t.test('what no server would take is refused', (t) => {
  const wrong = ['', 'wang', '@x.cn', 'a@', 'a@x', 'a@x..cn', 'a@.x.cn', 'a@x.cn.', '.a@x.cn', 'a.@x.cn', 'a..b@x.cn']
  const odd = [
    'a@-x.cn',
    'a@x-.cn',
    'a@x_y.cn',
    'a@1.2.3.4',
    'a@x.1',
    'a@%41.cn',
    'a b@x@y.cn',
    '<a@x.cn>',
    'a@x.cn>',
    'a,b@x.cn',
    '"a"@x.cn',
    'a@x.c',
    'a@x.cn,b@x.cn',
    'a@x.mail-.cn',
    'a@xn--.cn',
  ]
  for (const typed of [...wrong, ...odd, `${'a'.repeat(65)}@x.cn`, `a@${'x'.repeat(64)}.cn`])
    t.equal(readMailAddress(typed), undefined, typed)
  t.end()
})

t.test('servers are told the domain in ASCII', (t) => {
  t.equal(wireAddress('wang@公司.中国'), 'wang@xn--55qx5d.xn--fiqs8s')
  t.equal(wireAddress("O'Neil@Example.ie"), "O'Neil@example.ie")
  for (const whole of ['@x.cn', 'nobody', 'a@', 'a@x y.cn']) t.equal(wireAddress(whole), whole, 'what is none stays')
  t.end()
})
