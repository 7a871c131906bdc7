/** What a check says beside right and wrong rows. */
export const notes = {
  phones: (rows: string) => `${rows} 行的电话不像电话号码。这些行照常导入，电话按原样保存，以后可以改正。例如：`,
  several: (rows: string) =>
    `${rows} 行有一格内写了多个电话或邮箱：第一个留在原处，其余电话填入空着的手机、电话，放不下的和其余邮箱写入备注。例如：`,
  cell: (number: string, name: string, label: string, written: string, sentence = '') =>
    `第 ${number} 行「${name}」，${label}「${written}」${sentence}`,
  odd: (rows: string) => `${rows} 行有待核对的内容，例如日期太早或太晚。这些行照常导入，以后可以改正。例如：`,
  oddFile: '下载待核对的行',
  oddTitle: '待核对的行',
  keptReason: '已按原样保存。改正后再次上传并选择「覆盖」即可更新。',
  phoneReason: '不像电话号码，已按原样保存。改正后再次上传并选择「覆盖」即可更新。',
  named: (number: string, name: string) => `第 ${number} 行「${name}」`,
}

/** Of contacts whose customers are not there. */
export const missing = {
  found: (rows: string) => `${rows} 行联系人所属的客户在系统中没有。例如：`,
  making: (rows: string) =>
    `${rows} 行联系人所属的客户在系统中没有，导入时一并新建（只有名称，资料可以以后补充）。例如：`,
  make: '一并新建这些客户（重新检查）',
}

/** What a person may not do who may import. */
export const lacking = {
  'customers.create': '您没有新增客户的权限，不能导入新的客户。请联系管理员。',
  'contacts.create': '您没有新增联系人的权限，不能导入联系人。请联系管理员，或把联系人的各列设为「忽略」。',
}
