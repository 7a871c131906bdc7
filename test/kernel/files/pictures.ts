import sharp from 'sharp'
import t from 'tap'
import { create } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { errorAt, linksIn, photo, picture, storedNames, upload } from './fixtures/upload.ts'

const { app, db, as } = await buildTestApp(t)
const [admin, lilei] = [await as('韩梅梅'), await as('李雷')]
const id = await create(admin, { name: '单冰', kind: 'person' })
const pictures = `/customers/${id}/pictures`
const download = { 'content-type': 'application/octet-stream', 'content-disposition': /^attachment; / }
const last = () => db('files').orderBy('id', 'desc').first()

t.test('a photo is made upright, small and silent about where it was taken', async (t) => {
  const given = await photo({ width: 2400, height: 1200 })
  const before = await sharp(given).metadata()
  t.ok(before.exif?.includes('Kehu Phone'), 'the test picture has notes of the camera')
  t.equal(before.orientation, 6)
  t.match(await upload(lilei, pictures, given, '照片.jpg'), { status: 303, location: `/customers/${id}/files` })
  const file = await last()
  t.match(file, { kind: 'picture', name: '照片.jpg', content_type: 'image/jpeg', width: 800, height: 1600 })
  const { raw, headers } = await lilei.get(`${pictures}/${file.id}`)
  t.equal(raw.length, file.size_bytes)
  t.match(headers, {
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-store',
    'content-disposition': /^inline; filename="file.jpg"; filename\*=UTF-8''%E7%85%A7%E7%89%87.jpg$/,
  })
  const after = await sharp(raw).metadata()
  t.match(after, { format: 'jpeg', width: 800, height: 1600, exif: undefined, orientation: undefined })
  t.notMatch(raw.toString('latin1'), /Exif|GPS|Kehu Phone/)
  const thumbnail = await lilei.get(`${pictures}/${file.id}/thumbnail`)
  t.match(thumbnail.headers, { 'content-type': 'image/webp', 'x-content-type-options': 'nosniff' })
  t.match(await sharp(thumbnail.raw).metadata(), { format: 'webp', width: 80, height: 160, exif: undefined })
})

t.test('what is called a picture and is none is a download; so is a picture among files', async (t) => {
  const file = await last()
  for (const content_type of ['text/html', 'image/svg+xml', 'image/jpeg; charset=x', '']) {
    await db('files').where({ id: file.id }).update({ content_type })
    t.match((await lilei.get(`${pictures}/${file.id}`)).headers, download, content_type)
  }
  await db('files').where({ id: file.id }).update({ content_type: file.content_type })
  await upload(lilei, `/customers/${id}/files`, await picture('png'), '图.png')
  const among = await last()
  t.match((await lilei.get(`/customers/${id}/files/${among.id}`)).headers, download)
  await db('files').where({ id: among.id }).delete()
})

t.test('it stands on every tab of the card', async (t) => {
  const { id: at } = await last()
  for (const tab of ['', '/contacts', '/files', '/history']) {
    const { page } = await lilei.get(`/customers/${id}${tab}`)
    const shown = page.querySelector('.portrait')
    t.equal(shown?.getAttribute('href'), `${pictures}/${at}`, tab)
    t.equal(shown?.querySelector('img')?.getAttribute('src'), `${pictures}/${at}/thumbnail`)
    t.equal(shown?.querySelector('img')?.getAttribute('alt'), '单冰的照片')
  }
})

t.test('png and webp too, small ones as large as they are; the name ends with what they are', async (t) => {
  for (const format of ['png', 'webp'] as const) {
    t.equal((await upload(lilei, pictures, await picture(format), '微信图片.jpg')).status, 303)
    t.match(await last(), { name: `微信图片.${format}`, content_type: `image/${format}`, width: 40, height: 30 })
  }
})

t.test('a new picture takes the place of the one before', async (t) => {
  const before = await last()
  await upload(lilei, pictures, await picture('png'), '新.png')
  t.match((await lilei.get(`/customers/${id}/history`)).text, /照片: 微信图片\.webp → 新\.png/, 'which it was before')
  const links = linksIn(await lilei.get(`/customers/${id}/files`))
  t.ok(links.includes(`${pictures}/${(await last()).id}`))
  t.notOk(links.includes(`${pictures}/${before.id}`))
  t.equal((await lilei.get(`${pictures}/${before.id}`)).status, 404)
})

t.test('deleted, it leaves the card', async (t) => {
  const { id: at } = await last()
  t.match(await admin.post(`${pictures}/${at}/deletion`, { version: 1 }), { status: 303 })
  t.equal((await admin.get(`/customers/${id}`)).page.querySelector('.portrait'), null)
})

t.test('a company has files and business cards only', async (t) => {
  const company = await create(admin)
  const tab = await admin.get(`/customers/${company}/files`)
  t.strictSame(
    tab.page.querySelectorAll('main form:not(.undo)').map((form) => form.getAttribute('action')),
    [`/customers/${company}/files`, `/customers/${company}/business-cards`],
  )
  const answer = await upload(admin, `/customers/${company}/pictures`, await picture('png'), 'a.png')
  t.match(answer, { status: 422, text: /只有个人客户可以上传照片/ })
})

/** The beginning of a png of 30,000 × 30,000 pixels, with a checksum that is right. */
async function hugePicture(): Promise<Buffer> {
  const { crc32 } = await import('node:zlib')
  const content = await picture('png')
  content.writeUInt32BE(30_000, 16)
  content.writeUInt32BE(30_000, 20)
  content.writeUInt32BE(crc32(content.subarray(12, 29)), 29)
  return content
}

const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const noPicture = /不是 JPEG、PNG 或 WebP 图片/
const jpeg = await picture('jpeg', { width: 600, height: 600 })
const noisy = await sharp({
  create: {
    width: 600,
    height: 600,
    channels: 3,
    background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  },
})
  .jpeg()
  .toBuffer()
const refused: [string, string, Buffer | string | null, RegExp][] = [
  ['none', 'a.png', null, /请选择要上传的文件/],
  ['an empty file', 'a.png', '', noPicture],
  ['a script', 'a.png', 'alert(1)', noPicture],
  ['a page', 'a.jpg', '<!doctype html><script>alert(1)</script>', noPicture],
  ['an svg', 'a.png', script, noPicture],
  ['an svg by its name', 'a.svg', `<?xml version="1.0"?>${script}`, noPicture],
  ['a gif', 'a.gif', await sharp(jpeg).gif().toBuffer(), noPicture],
  ['a tiff', 'a.jpg', await sharp(jpeg).tiff().toBuffer(), noPicture],
  [
    'a page behind the beginning of a jpeg',
    'a.jpg',
    Buffer.concat([jpeg.subarray(0, 20), Buffer.from(script)]),
    /图片已损坏|不是 JPEG/,
  ],
  ['half a picture', 'a.jpg', noisy.subarray(0, noisy.length / 2), /图片已损坏/],
  ['30,000 × 30,000 pixels', 'a.png', await hugePicture(), /超过 6400 万像素/],
  ['more than 8 MB', 'a.jpg', Buffer.concat([jpeg, Buffer.alloc(8 * 1024 * 1024)]), /文件超过 8 MB/],
]

for (const [what, name, content, sentence] of refused) {
  t.test(`${what} is refused at the field and leaves nothing`, async (t) => {
    const [rows, names] = [await db('files'), storedNames(app)]
    const answer = await upload(lilei, pictures, content, name)
    t.equal(answer.status, 422)
    t.match(errorAt(answer, 'picture'), sentence)
    t.match(answer.page.querySelector('.errors a')?.getAttribute('href'), '#upload-picture-file')
    t.strictSame([await db('files'), storedNames(app)], [rows, names])
  })
}
