/** Who this is in a file of customers, and whether somebody is this in a file of contacts. */
export const mainContactHeadings = ['主要联系人', '首要联系人']

/** Telephones of which the heading does not say whether they stand on a desk. */
export const loosePhones = ['电话', '联系电话', '电话号码', '联系方式']

/** The same for the columns of a contact; in a file of customers they begin with 联系人. */
export const contactSynonyms: Record<string, string[]> = {
  name: ['联系人', '联系人姓名', '名字', '姓名', '联系人1', '联络人', '对接人'],
  code: ['联系人编号', '人员编号'],
  nickname: ['称呼', '称谓', '英文名'],
  family_name: ['姓氏'],
  given_name: [],
  sex: [],
  department: ['所在部门', '部门名称'],
  position: ['职位', '岗位', '头衔'],
  is_main: ['是否主联系人', '首要联系人标记', '主要联系人标记', '关键决策人'],
  mobile: ['手机号', '手机号码', '移动电话', '行动电话', '联系手机', '电话', '联系电话', '电话号码', '联系方式'],
  office_phone: ['座机', '固定电话', '公司电话', '单位电话', '办公座机'],
  home_phone: ['家庭电话'],
  email: ['邮箱', '电子邮件', 'E-mail', 'mail', '邮件'],
  wechat: ['微信号'],
  qq: ['QQ号', 'QQ号码'],
  address: ['联系地址', '通讯地址', '详细地址'],
  postcode: ['邮政编码'],
  birthday_on: ['出生日期'],
  notes: ['说明', '附注'],
}
