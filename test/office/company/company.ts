import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { fileFolder, storedPath } from '../../../src/kernel/files/storage.ts'
import { fieldsIn } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, type Browser, browser, buildTestApp } from '../../fixtures/app.ts'
import { picture, storedNames, upload } from '../../kernel/files/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'poppler is not installed' : false

const formOf = async (one: Browser, path = '/company/edit') => fieldsIn(await one.get(path))

const whole = {
  name: '长春明日科技有限公司',
  short_name: '明日科技',
  address: '长春市朝阳区人民大街1号',
  postcode: '130012',
  phone: '0431-84971234',
  phone2: '0431-84971235',
  fax: '0431-84971236',
  email: 'office@example.com',
  bank: '中国工商银行长春分行',
  bank_account: '4200222009000012345',
  credit_code: '91220101MA0Y3KTP9E',
}

t.test('our data are kept with their history, the name on every page', async (t) => {
  const { db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const { credit_code: _, ...data } = whole
  const answer = await she.post('/company', { ...(await formOf(she)), ...data })
  t.equal(answer.status, 303, answer.text)
  const shown = await (await as('李雷')).get('/company')
  for (const value of Object.values(data)) t.match(shown.text, value)
  t.match(shown.page.querySelector('title')?.text, '长春明日科技有限公司')
  t.match((await she.get('/settings')).page.querySelector('[name=companyName]')?.getAttribute('value'), whole.name)
  t.match(await db('events').where({ record_type: 'company', action: 'update' }), [{ user_name: '韩梅梅' }])
  t.match(shown.text, '中国工商银行长春分行', 'the history too')
  t.ok((await she.get('/company')).page.querySelector('.actions a[href="/users"]'), 'our people are one click away')
  t.notOk(shown.page.querySelector('.actions a[href="/users"]'), 'for those who may see them')
  await she.post('/company', { ...(await formOf(she)) })
  t.equal((await db('events').where({ record_type: 'company' })).length, 1, 'nothing changed is no entry')
})

t.test('a wrong field is told at the field, and nothing typed is lost', async (t) => {
  const { as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const form = {
    ...(await formOf(she)),
    ...whole,
    name: ' ',
    email: 'x',
    postcode: '12',
    credit_code: '91220101MA0Y3KTP9X',
  }
  const refused = await she.post('/company', form)
  t.equal(refused.status, 422)
  for (const name of ['name', 'email', 'postcode', 'credit_code'])
    t.ok(refused.page.querySelector(`#company-${name}-error`), name)
  t.equal(refused.page.querySelector('[name=bank]')?.getAttribute('value'), whole.bank)
})

t.test('of two who save, the second is asked; also where one did it in the settings', async (t) => {
  const { as } = await buildTestApp(t)
  const [one, other] = [await as('韩梅梅'), await as('韩梅梅')]
  const [first, second] = [await formOf(one), await formOf(other)]
  const settings = await formOf(other, '/settings')
  await one.post('/company', { ...first, name: '甲公司', bank: '甲银行' })
  const refused = await other.post('/company', { ...second, name: '乙公司' })
  t.equal(refused.status, 409)
  t.match(refused.text, /甲公司.*乙公司/)
  t.equal((await other.post('/settings', { ...settings, areaCode: '010' })).status, 409, 'the settings know it')
  const third = await formOf(one)
  await other.post('/settings', { ...(await formOf(other, '/settings')), companyName: '丙公司' })
  t.equal((await one.post('/company', { ...third, fax: '0431-84970000' })).status, 409)
})

t.test('a plain user sees our data and changes nothing, one without a role sees nothing', async (t) => {
  const { as } = await buildTestApp(t)
  const [he, nobody] = [await as('李雷'), await as('王芳')]
  const shown = await he.get('/company')
  t.equal(shown.status, 200)
  t.notOk(shown.page.querySelector('main form, main a[href="/company/edit"]'))
  t.equal((await he.get('/company/edit')).status, 403)
  t.equal((await he.post('/company', { name: 'x' })).status, 403)
  t.equal((await upload(he, '/company/logo', await picture('png'), '标志.png')).status, 403)
  t.equal((await nobody.get('/company')).status, 403)
})

const errorAt = ({ page }: Answer, kind: string) => page.querySelector(`#upload-${kind}-file-error`)?.text.trim()
const shownLogo = async (one: Browser) =>
  String((await one.get('/company')).page.querySelector('.pictures img')?.getAttribute('src'))

t.test('a logo that is no picture is refused at its field and leaves nothing', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const cases: [string, Buffer | string | null, RegExp][] = [
    ['标志.png', null, /请选择/],
    ['标志.png', '<svg onload="alert(1)"></svg>', /不是 JPEG/],
    ['标志.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', /不是 JPEG/],
    ['标志.png', (await picture('png')).subarray(0, 40), /不是|损坏/],
    ['标志.gif', Buffer.from('GIF89a'), /不是 JPEG/],
    ['标志.png', Buffer.alloc(5 * 1024 * 1024 + 1), /超过 5 MB/],
  ]
  for (const [name, content, sentence] of cases) {
    const answer = await upload(she, '/company/logo', content, name)
    t.equal(answer.status, 422, name)
    t.match(errorAt(answer, 'logo'), sentence)
    t.notOk(errorAt(answer, 'seal'))
  }
  t.equal((await db('files')).length, 0)
  t.strictSame(storedNames(app), [])
})

t.test('a logo is made anew, small, and stands on the PDF; a new one takes its place', { skip }, async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const [she, he] = [await as('韩梅梅'), await as('李雷')]
  const bare = await he.get('/analysis/customer-levels.pdf')
  for (const [at, format] of (['webp', 'jpeg', 'png'] as const).entries()) {
    const sent = await upload(
      she,
      '/company/logo',
      await picture(format, { width: 2000, height: 800 }),
      `标志.${format}`,
    )
    t.equal(sent.status, 303)
    const { raw, headers, status } = await he.get(await shownLogo(he))
    t.equal(status, 200)
    t.equal(headers['content-type'], 'image/png')
    t.match(await sharp(raw).metadata(), { format: 'png', width: 440, height: 176 })
    t.equal((await db('files').whereNull('deleted_at')).length, 1, `${at + 1} before, one now`)
  }
  const pdf = await he.get('/analysis/customer-levels.pdf')
  const images = (file: Buffer) => execFileSync('pdfimages', ['-list', '-'], { input: file, encoding: 'utf8' })
  t.notMatch(images(bare.raw), /image/)
  t.match(images(pdf.raw), /image\s+440\s+176/)
  t.ok(pdf.raw.length < 150_000)
  const { storage_name } = await db('files').whereNull('deleted_at').first()
  const path = storedPath(fileFolder(app.config.dataDir), storage_name)
  t.ok(readFileSync(path).length > 0)
  t.match(path, join(app.config.dataDir, 'files'))
})

t.test('a picture can be taken away; a form that was sent twice works once', async (t) => {
  const { db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  for (let at = 0; at < 2; at++) await upload(she, '/company/seal', await picture('png'), '章.png', 'form-seal-00001')
  t.equal((await db('files')).length, 1)
  const path = await shownLogo(she)
  const confirm = await she.get(`${path}/deletion`)
  t.match(confirm.text, '确认删除公司印章')
  t.equal((await she.post(`${path}/deletion`, { version: 9 })).status, 409)
  t.equal((await she.post(`${path}/deletion`, { version: 1 })).status, 303)
  t.equal((await she.get(path)).status, 404)
  t.match(await db('events').where({ action: 'remove-file' }).first(), { record_type: 'company' })
})

t.test('the logo stands on printed pages, for those too who may not see our data', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const role = await everyRightWithin(db, '不看我方', { view: 'all', without: ['company.view', 'company.update'] })
  await addPerson(db, '只看分析', [role])
  const one = await signedIn(app, '只看分析')
  const she = await as('韩梅梅')
  const logoOn = async (path: string) =>
    (await one.get(path)).page.querySelector('.sheet-company img')?.getAttribute('src') ?? null
  const out = browser(app, {})
  const signIn = async () => (await out.get('/login')).page.querySelector('.bare-name img')?.getAttribute('src')
  t.equal(await logoOn('/analysis/customer-levels'), null, 'without one there is none')
  t.equal(await signIn(), app.asset('icon.svg'), 'the sign of the program stands on the sign-in page')
  await upload(she, '/company/logo', await picture('png'), '标志.png')
  const first = (await logoOn('/analysis/customer-levels')) as string
  t.equal(await signIn(), first, 'and then our logo')
  t.equal((await out.get(first)).status, 200, 'which who is not signed in sees too')
  t.equal((await one.get('/company')).status, 403)
  const { status, headers } = await one.get(first)
  t.same([status, headers['content-type']], [200, 'image/png'])
  t.match(headers['cache-control'], 'immutable')
  await db('files').where({ kind: 'logo' }).update({ content_type: 'image/svg+xml' })
  const download = { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' }
  t.match((await one.get(first)).headers, download, 'what is called a picture and is none is not looked at')
  await upload(she, '/company/seal', await picture('png'), '章.png')
  const seal = await db('files').where({ kind: 'seal' }).first('id')
  t.equal((await out.get(`/company/logo/${seal.id}`)).status, 404, 'the seal is no logo')
  await upload(she, '/company/logo', await picture('png'), '标志.png')
  t.not(await logoOn('/analysis/customer-levels'), first, 'a new one at once')
  t.equal((await one.get(first)).status, 404)
})
