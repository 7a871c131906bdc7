import { creditCodeCheck } from '../src/kernel/china/credit-code.ts'
import { regions } from '../src/kernel/china/regions.ts'
import { type GeneratedRow, generateRows } from './generate.ts'
import { randomFrom } from './random.ts'

/** A file as a company brings it: its headings as the other program wrote them, and its rows. */
export type OfficeFile = { name: string; headings: string[]; rows: () => Generator<string[]> }

const nameOfRegion = new Map(regions.map(([code, name]) => [code, name]))
const industries = ['批发和零售业', '制造业', '软件和信息技术服务业', '建筑业', '科技推广和应用服务业', '餐饮业']

function creditCode({ customer: { id, district_code } }: GeneratedRow): string {
  const body = `91${district_code}${String(id).padStart(9, '0')}`
  return body + creditCodeCheck(body)
}

/** What a register of companies gives out: twenty columns, all of them right. */
export const registerFile = (count: number): OfficeFile => ({
  name: '企业名录.xlsx',
  headings:
    '企业名称,登记状态,法定代表人,注册资本,成立日期,所属省份,所属城市,所属区县,电话,更多电话,邮箱,企业(机构)类型,统一社会信用代码,注册号,组织机构代码,参保人数,所属行业,网址,注册地址,经营范围'.split(
      ',',
    ),
  *rows() {
    for (const one of generateRows(count)) {
      const { customer } = one
      const code = creditCode(one)
      yield [
        customer.name,
        '存续',
        customer.legal_representative ?? '',
        `${1 + (customer.id % 500)}万元`,
        customer.registered_on,
        nameOfRegion.get(customer.province_code ?? '') ?? '',
        nameOfRegion.get(customer.city_code ?? '') ?? '',
        nameOfRegion.get(customer.district_code) ?? '',
        customer.phone,
        customer.mobile ?? '',
        customer.email ?? '',
        customer.id % 3 ? '有限责任公司' : '个体工商户',
        code,
        customer.bank_account ?? '',
        code.slice(8, 17),
        String(customer.points),
        industries[customer.id % industries.length] ?? '',
        customer.website ?? '',
        customer.address,
        '货物进出口；技术服务、技术开发；销售：电子产品，日用百货。',
      ]
    }
  },
})

const oldLevels = ['A类', 'B类', 'C类', '']
const strangePhones = [
  '问前台',
  '见名片',
  '1380013800',
  '0431-849789',
  '8497898１打不通',
  '138****8000',
  '总机转王会计',
  '+',
]

/** What an old program wrote: its own headings, days and choices, and every second telephone number spoiled. */
export const oldProgramFile = (count: number): OfficeFile => ({
  name: '客户档案.csv',
  headings: '客户编号,单位名称,简称,联系人,电话,手机,传真,通讯地址,邮编,业务员,客户等级,建档日期,税号,欠款,备注'.split(
    ',',
  ),
  *rows() {
    for (const { customer, contact } of generateRows(count)) {
      const random = randomFrom(customer.id)
      const strange = () => strangePhones[random.below(strangePhones.length)] ?? ''
      const isStrange = customer.id % 2 === 0
      yield [
        `A${String(customer.id).padStart(5, '0')}`,
        customer.name,
        customer.short_name ?? '',
        contact,
        isStrange ? strange() : customer.phone.replace('-', '—'),
        isStrange && random.chance(0.5) ? strange() : (customer.mobile ?? ''),
        customer.fax ?? '',
        customer.address,
        customer.postcode,
        ['王会计', '李雷', ''][random.below(3)] ?? '',
        oldLevels[random.below(oldLevels.length)] ?? '',
        `${Number(customer.registered_on.slice(0, 4))}-${Number(customer.registered_on.slice(5, 7))}-${Number(customer.registered_on.slice(8))} 0:00:00`,
        '',
        random.digits(4),
        customer.notes ?? '',
      ]
    }
  },
})

const departments = ['采购部', '财务部', '办公室', '技术部']
const positions = ['经理', '会计', '主任', '']

/** People of companies, one to four each; the company stands only in the first of its rows for some of them. */
export const peopleFile = (companies: number): OfficeFile => ({
  name: '通讯录.xlsx',
  headings: '单位,姓名,部门,职务,手机,办公电话,邮箱,微信,主要联系人,备注'.split(','),
  *rows() {
    const people = [...generateRows(companies * 4)].map(({ contact }) => contact)
    for (const { customer } of generateRows(companies)) {
      const random = randomFrom(customer.id)
      const count = 1 + random.below(4)
      for (let index = 0; index < count; index++)
        yield [
          customer.name,
          people[customer.id * 4 - 4 + index] ?? '',
          departments[random.below(departments.length)] ?? '',
          positions[random.below(positions.length)] ?? '',
          random.chance(0.5) ? `1${3 + random.below(7)}${random.digits(9)}` : random.digits(9),
          customer.phone,
          index === 0 ? (customer.email ?? '') : '',
          '',
          index === count - 1 ? '是' : '',
          '',
        ]
    }
  },
})
