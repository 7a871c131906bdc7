export const form = {
  required: (label: string) => `请填写${label}。`,
  tooLong: (most: number) => `最多 ${most} 个字。`,
  email: '邮箱格式应为 name@example.com。',
  website: '网址格式应为 www.example.com 或 https://www.example.com。',
  postcode: '邮政编码应为 6 位数字。',
  days: {
    none: '日期应为真实存在的日期，格式如 2026-11-23。',
    year: '日期没有年份，请写明年月日，例如 2026-11-23。',
    digits: '只有六七位数字，分不清年月日，请写成 2026-11-23 或 20261123。',
  },
  money: '金额应为数字，最多两位小数，例如 7000 或 7000.50。',
  whole: '应为整数。',
  choice: '请从列表中选择。',
  switchedOff: (label: string) => `「${label}」已停用，不能再选，请选择其他项。`,
  left: (name: string) => `「${name}」已离职，不能再选，请选择其他人员。`,
  yes: '是',
  no: '否',
}
