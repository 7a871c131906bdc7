/** Where anybody may have a mailbox: such a domain says nothing about the company. */
const open = new Set(
  `qq.com vip.qq.com foxmail.com dingtalk.com
163.com vip.163.com 163.net 126.com vip.126.com yeah.net 188.com netease.com
sina.com sina.cn sina.com.cn vip.sina.com vip.sina.cn sohu.com vip.sohu.com chinaren.com
tom.com 21cn.com 21cn.net 263.net 263.net.cn eyou.com citiz.net 2980.com 139.com 189.cn wo.cn wo.com.cn aliyun.com
gmail.com googlemail.com hotmail.com outlook.com outlook.cn live.com live.cn msn.com msn.cn
yahoo.com yahoo.cn yahoo.com.cn ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.de mail.com mail.ru
yandex.com yandex.ru naver.com proton.me protonmail.com`.split(/\s+/),
)

/** The domain of a mail address if it is a company's own (china.md §4), else undefined. Lower case, half-width. */
export function ownMailDomain(address: string): string | undefined {
  const [, domain] = /@([^\s@]+\.[^\s@.]{2,})$/.exec(address.normalize('NFKC').toLowerCase().trim()) ?? []
  return domain && !open.has(domain) ? domain : undefined
}
