import { text } from '../../texts/index.ts'

const t = text.agents

/** In this order: most browsers say they are others as well. */
const browsers: [RegExp, string][] = [
  [/MicroMessenger\/(\d+)/, t.wechat],
  [/DingTalk\/(\d+)/, t.dingtalk],
  [/QQBrowser\/(\d+)/, t.qq],
  [/360(?:SE|EE|Browser)/, t.qihoo],
  [/Edg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/, 'Safari'],
  [/(?:MSIE |Trident\/.*rv:)(\d+)/, 'IE'],
]

const systems: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/HarmonyOS|OpenHarmony/, t.harmony],
  [/Android/, t.android],
  [/Windows NT 6\.1/, 'Windows 7'],
  [/Windows/, 'Windows'],
  [/Macintosh|Mac OS X/, 'Mac'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

/** What a browser says of itself, in words a person knows: 「Chrome 126，Windows」. */
export function agentWords(agent: string | null | undefined): string {
  const said = agent ?? ''
  const browser = browsers.find(([pattern]) => pattern.test(said))
  const system = systems.find(([pattern]) => pattern.test(said))
  const version = browser?.[0].exec(said)?.[1]
  const name = browser && [browser[1], version].filter(Boolean).join(' ')
  return [name, system?.[1]].filter(Boolean).join(t.joint) || t.unknown
}
