export const suppliers = {
  said: {
    label: '供应商',
    words: { empty: '还没有供应商。登记后，可以随时查到联系人、开户信息和供应的商品。' },
  },
  fields: {
    name: '全称',
    short_name: '简称',
    code: '编码',
    phone: '电话',
    fax: '传真',
    email: 'Email',
    postcode: '邮政编码',
    address: '地址',
    bank: '开户银行',
    bank_account: '银行账号',
    goods: '供应的商品',
  },
}

export const supplierContacts = {
  said: {
    label: '供应商联系人',
    words: { empty: '还没有供应商联系人。新增时写明属于哪家供应商。' },
  },
  fields: {
    name: '姓名',
    position: '职务',
    mobile: '手机',
    phone: '电话',
    email: 'Email',
    notes: '备注',
  },
}
