export const transfers = {
  seesNone: (name: string, noun: string) => `${name} 的角色不能查看${noun}，请选择其他人员。`,
  title: (noun: string, name: string) => `移交${noun}：${name}`,
  selection: (count: string, noun: string) => `移交 ${count} 个${noun}`,
  receiver: '接收人',
  reason: '移交原因',
  reasonHint: (noun: string) => `写入每个${noun}的变更记录。`,
  selectionHint: (noun: string) => `之后被他人修改或删除的${noun}会跳过，并在完成后说明。`,
  same: (noun: string, name: string) => `此${noun}已经由 ${name} 负责，请另选接收人。`,
  button: '移交',
  done: (name: string, receiver: string) => `已将 ${name} 移交给 ${receiver}。`,
  label: (receiver: string) => `移交给${receiver}`,
}
