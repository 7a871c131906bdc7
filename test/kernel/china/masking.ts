import t from 'tap'
import { maskIdentity, maskMail, maskPhones, maskToEnd } from '../../../src/kernel/china/masking.ts'

t.test('what is left of a number tells whose it is to those who know it, and nobody else', (t) => {
  const masked: [(text: string) => string, string, string][] = [
    [maskPhones, '13844558000', '138****8000'],
    [maskPhones, '0431-84978981', '0431-****8981'],
    [maskPhones, '010-8497898', '010-****7898'],
    [maskPhones, '0431-84978981-8012', '0431-****8981'],
    [maskPhones, '13844558000 / 0431-84978981', '138****8000 / 0431-****8981'],
    [maskPhones, '+85223456789', '****6789'],
    [maskPhones, '4008001234', '****1234'],
    [maskPhones, '400800123', '****'],
    [maskPhones, '10086', '****'],
    [maskToEnd, '6222021234567890123', '****0123'],
    [maskToEnd, '1234567890', '****7890'],
    [maskToEnd, '123456789', '****'],
    [maskMail, 'wang.fang@example.com', 'w****@example.com'],
    [maskMail, '𠮷田@公司.中国', '𠮷****@公司.中国'],
    [maskMail, 'w@x.cn', 'w****@x.cn'],
    [maskMail, '@x.cn', '****'],
    [maskMail, '没有地址', '****'],
    [maskIdentity, '220102199003071234', '220****34'],
    [maskIdentity, '220102900307123', '220****23'],
    [maskIdentity, '22010290030712', '****'],
  ]
  for (const [mask, whole, shown] of masked) t.equal(mask(whole), shown, whole)
  t.end()
})
