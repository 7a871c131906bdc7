import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'

const names = ['kehu.css', 'htmx.js', 'app.js', 'icon.svg']

t.test('the files of the pages are sent once, small, for everyone', async (t) => {
  const { app, anyone } = await buildTestApp(t)
  await app.ready()
  for (const name of names) {
    const url = app.asset(name)
    t.match(url, new RegExp(`^/public/[0-9a-f]{10}-${name}$`))
    const plain = await anyone.get(url)
    t.equal(plain.status, 200)
    t.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
    t.match(plain.headers.vary, /accept-encoding/i)
    t.notOk(plain.headers['content-encoding'])
    const gzip = await anyone.get(url, { 'accept-encoding': 'gzip, deflate' })
    const brotli = await anyone.get(url, { 'accept-encoding': 'gzip, deflate, br, zstd' })
    t.match([gzip.headers, brotli.headers], [{ 'content-encoding': 'gzip' }, { 'content-encoding': 'br' }])
    t.ok(gunzipSync(gzip.raw).equals(plain.raw), name)
    t.ok(brotliDecompressSync(brotli.raw).equals(plain.raw), name)
    t.ok(brotli.raw.length < plain.raw.length || name === 'icon.svg', `${name}: ${brotli.raw.length} bytes`)
  }
})

t.test('pages name the files of today and no other address', async (t) => {
  const { app, as, anyone } = await buildTestApp(t)
  const one = await as('韩梅梅')
  for (const answer of [await anyone.get('/login'), await one.get('/customers')]) {
    const files = answer.page.querySelectorAll('script, link, img').map((element) => element.attributes)
    const addresses = files.map(({ src, href }) => src ?? href ?? '')
    t.ok(addresses.includes(app.asset('kehu.css')))
    for (const address of addresses) t.match(address, /^\/public\/[0-9a-f]{10}-/)
  }
  for (const url of ['/public/kehu.css', '/public/0000000000-kehu.css', '/public/..%2fpackage.json', '/public/%00'])
    t.equal((await one.get(url)).status, 404, url)
})
