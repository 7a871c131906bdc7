export const selections = {
  toolbar: '对选中的客户',
  scope: '范围',
  scopes: {
    rows: '勾选的',
    page: (count: string) => `本页 ${count} 条`,
    whole: (count: string) => `全部 ${count} 条`,
  },
  act: '操作',
  run: '执行',
  checkAll: '全选本页',
  check: (name: string) => `选择 ${name}`,
  nothing: '请先勾选客户，或选择「本页」「全部」。',
  change: (label: string) => `改${label}`,
  addTag: '加标签',
  removeTag: '去标签',
  count: (count: string) => `已选 ${count} 个客户`,
  changeTitle: (label: string, count: string) => `${label}：${count} 个客户`,
  changeHint: '之后被他人修改或删除的客户会跳过，并在完成后说明。',
  empty: '（清空）',
  submit: '修改',
  export: '导出选中的客户',
  exportText: (count: string) => `将导出 ${count} 个客户，列和排序与列表相同。`,
  back: '返回列表',
  deletion: '删除选中的客户',
  deletionText: (count: string) => `确认删除 ${count} 个客户？`,
  deletionDetails: [
    '客户资料和联系人将一起移入回收站，有权限的人员可以恢复。',
    '之后被他人修改的客户会跳过，并在完成后说明。',
  ],
  confirm: '删除',
  job: (label: string) => `批量处理客户：${label}`,
  setTo: (label: string, value: string) => `${label}改为「${value}」`,
  cleared: (label: string) => `清空${label}`,
  tagged: (tag: string) => `加标签「${tag}」`,
  untagged: (tag: string) => `去标签「${tag}」`,
  deleted: '移入回收站',
  outcome: (label: string, changed: string, same: number, skipped: number) =>
    `${label}：完成 ${changed} 个客户` +
    (same > 0 ? `，${same} 个原已如此` : '') +
    (skipped > 0 ? `，${skipped} 个已被他人修改或删除而跳过` : '') +
    '。',
}
