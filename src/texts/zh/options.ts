export const options = {
  title: '个人选项',
  startPage: '登录后打开',
  usual: '不选时打开客户资料。',
  rowsPerPage: '每页行数',
  rows: (count: number) => `${count} 行`,
  rowsHint: '没有在列表上另选行数时使用。',
  density: '表格行距',
  densities: { normal: '标准', compact: '紧凑' },
  signature: '签名',
  signatureHint: '用于您发出的邮件和单据的落款。',
  saved: '个人选项已保存。',
}
