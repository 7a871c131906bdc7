import t from 'tap'
import { hashPassword, isPassword } from '../../../src/people/users/password.ts'
import { passwordFault } from '../../../src/people/users/password-rules.ts'

const rules = { username: 'Wang.Fang', shortest: 8 }

t.test('a new password needs length and three kinds of signs', async (t) => {
  const good = [
    'Abcdxfg7',
    'abcxef7!',
    'ABCXEF7 ',
    '密码密码密码aB',
    '密码密码密码a1',
    '𠮷𠮷𠮷𠮷𠮷𠮷aB',
    `Aa1${'x'.repeat(197)}`,
  ]
  for (const password of good) t.equal(passwordFault(password, rules), undefined, password)
  const bad: [string, string][] = [
    ['Abcde1!', '至少 8 位'],
    ['𠮷𠮷𠮷𠮷aB', '至少 8 位'],
    [`Aa1${'x'.repeat(198)}`, '最多 200 位'],
    ['abcdefgh', '至少 3 种'],
    ['abcdefg1', '至少 3 种'],
    ['密码密码密码密码', '至少 3 种'],
    ['ａｂｃｄｅｆｇ１', '至少 3 种'],
    ['Xwang.fang1', '不能含用户名'],
    ['1ＷＡＮＧ.ＦＡＮＧx!', '不能含用户名'],
    ['Abcdefg1', '太常见'],
    ['Password1', '太常见'],
    ['Admin123!', '太常见'],
    ['＠Ｐａｓｓｗｏｒｄ１', '太常见'],
    ['mrsoft', '出厂密码'],
    ['MRsoft', '出厂密码'],
  ]
  for (const [password, sentence] of bad) t.match(passwordFault(password, rules), sentence, password)
})

t.test('a password is stored as a salted hash', async (t) => {
  const [one, two] = [await hashPassword('密码 Ab1'), await hashPassword('密码 Ab1')]
  t.not(one, two)
  t.match(one, /^argon2id\$32768\$2\$1\$/)
  t.ok(await isPassword('密码 Ab1', one))
  t.ok(await isPassword('密码 Ａb1', one), 'the same signs in another width')
  t.notOk(await isPassword('密码 ab1', one))
})
