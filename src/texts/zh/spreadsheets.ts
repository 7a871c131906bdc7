/** What the columns of cards (vCard) are called, in words that the import of people knows. */
export const spreadsheets = {
  card: {
    name: '姓名',
    nickname: '昵称',
    company: '所属客户',
    department: '部门',
    position: '职务',
    mobile: '手机',
    office_phone: '办公电话',
    home_phone: '住宅电话',
    fax: '传真',
    email: '电子邮箱',
    wechat: '微信',
    qq: 'QQ',
    website: '网址',
    address: '地址',
    postcode: '邮编',
    birthday_on: '生日',
    notes: '备注',
  },
}
