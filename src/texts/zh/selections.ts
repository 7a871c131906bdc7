export const selections = {
  toolbar: (noun: string) => `对选中的${noun}`,
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
  nothing: (noun: string) => `请先勾选${noun}，或选择「本页」「全部」。`,
  change: (label: string) => `改${label}`,
  addTag: '加标签',
  removeTag: '去标签',
  count: (count: string, noun: string) => `已选 ${count} 个${noun}`,
  changeTitle: (label: string, count: string, noun: string) => `${label}：${count} 个${noun}`,
  changeHint: (noun: string) => `之后被他人修改或删除的${noun}会跳过，并在完成后说明。`,
  noOptions: '还没有可选的内容。请先在「设置」中新增，或请管理员新增。',
  submit: '修改',
  export: (noun: string) => `导出选中的${noun}`,
  exportText: (count: string, noun: string) => `将导出 ${count} 个${noun}，列和排序与列表相同。`,
  back: '返回列表',
  deletion: (noun: string) => `删除选中的${noun}`,
  deletionText: (count: string, noun: string) => `确认删除 ${count} 个${noun}？`,
  confirm: '删除',
  job: (label: string, noun: string) => `批量处理${noun}：${label}`,
  setTo: (label: string, value: string) => `${label}改为「${value}」`,
  cleared: (label: string) => `清空${label}`,
  tagged: (tag: string) => `加标签「${tag}」`,
  untagged: (tag: string) => `去标签「${tag}」`,
  deleted: '移入回收站',
  outcome: (
    label: string,
    noun: string,
    { changed, same, skipped }: { changed: string; same: number; skipped: number },
  ) =>
    `${label}：完成 ${changed} 个${noun}` +
    (same > 0 ? `，${same} 个原已如此` : '') +
    (skipped > 0 ? `，${skipped} 个已被他人修改或删除而跳过` : '') +
    '。',
}
