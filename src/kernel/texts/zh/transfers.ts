export const transfers = {
  seesNone: (name: string) => `${name} 的角色不能查看客户，请选择其他人员。`,
  title: (name: string) => `移交客户：${name}`,
  selection: (count: string) => `移交 ${count} 个客户`,
  receiver: '接收人',
  reason: '移交原因',
  reasonHint: '写入每个客户的变更记录。',
  selectionHint: '之后被他人修改或删除的客户会跳过，并在完成后说明。',
  same: (name: string) => `此客户已经由 ${name} 负责，请另选接收人。`,
  button: '移交',
  done: (name: string, receiver: string) => `已将 ${name} 移交给 ${receiver}。`,
  label: (receiver: string) => `移交给${receiver}`,
}
