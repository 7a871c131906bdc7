import t from 'tap'
import { plainSvg } from '../../../src/kernel/report/plain-svg.ts'
import { parseSvg, writeSvg } from '../../../src/kernel/report/svg.ts'

const plain = (svg: string) => writeSvg(plainSvg(parseSvg(svg)))

t.test('style becomes presentation attributes, scripts and events go', async (t) => {
  const drawn = plain(
    `<svg><style><![CDATA[ .a:hover{fill:red} ]]></style><script>1</script>
     <text class="a" onclick="x()" style="font-size:12px; fill:#333;font-family:Noto Sans">甲 &lt; &quot;乙&quot;</text></svg>`,
  )
  const text = '<text font-size="12px" fill="#333" font-family="Noto Sans">甲 &lt; &quot;乙&quot;</text>'
  t.equal(drawn, `<svg>${text}</svg>`)
})

t.test('invisible frames go, visible shapes stay', async (t) => {
  const shapes = '<path d="M0 0" fill="none"/><path d="M1 1" fill="none" stroke="red"/><path d="M2 2"/>'
  t.equal(
    plain(`<svg>${shapes}</svg>`),
    '<svg><path d="M1 1" fill="none" stroke="red"></path><path d="M2 2"></path></svg>',
  )
})

t.test('numbered and named characters are read', async (t) => {
  t.same(parseSvg('<g t="&#x20BB7;&#65;">&amp;lt; &nbsp;</g>'), {
    name: 'g',
    attributes: { t: '𠮷A' },
    children: ['&lt; &nbsp;'],
  })
})

t.test('what is not well-formed is refused', async (t) => {
  for (const svg of [
    '<svg><g></svg>',
    '<svg',
    '<svg a=b></svg>',
    '<svg a="<"></svg>',
    '<svg></svg><svg></svg>',
    '文',
    '',
  ]) {
    t.throws(() => parseSvg(svg), svg)
  }
})
