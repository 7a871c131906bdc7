export const preset = {
  administrator: '系统管理员',
  companyName: '客户管理系统',
  emptyWords: '- / // \\ 无 暂无 没有 空 未知 不详 未填 未填写 暂缺 N/A #N/A null none'.split(' '),
}
