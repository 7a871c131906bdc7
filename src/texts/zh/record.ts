export const record = {
  above: (label: string) => `所属${label}`,
  editFact: (labels: string[]) => `修改${labels.join('、')}`,
  undo: '撤销',
  undone: (name: string) => `已撤销，「${name}」恢复到修改前的内容。`,
  undoLate: '不能撤销：这条记录之后又有变动，或您不再有修改它的权限。可在「变更历史」中查看原来的内容。',
  folded: (count: number) => `空着的 ${count} 项`,
  overdue: (day: string) => `${day} 已逾期`,
  lastChange: '最近变更',
  timeline: '最近动态',
  earlier: '更早的动态',
  newest: '回到最近的动态',
  conflictTitle: '有人同时修改了这条记录',
  conflict: (who: string) =>
    `您填写期间，${who || '其他人'}保存了这条记录。两边都改过且内容不同的项目请逐项选择，其余项目已自动合并。`,
  unmaskHint: (minutes: number) => `显示被隐藏的电话、邮箱、账号等，${minutes} 分钟内有效，并记入操作日志。`,
  unmasked: '已显示完整内容，此次查看已记入操作日志。',
  stale: '这条记录刚刚被别人改动，请重新打开后再操作。',
}
