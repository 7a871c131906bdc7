export const preset = {
  administrator: '系统管理员',
  companyName: '客户管理系统',
}
