/** Holidays and made-up working days 「节假日和调休」. */
export const workdays = {
  said: {
    label: '节假日和调休',
    words: { create: '新增一天', empty: '还没有节假日。每年公布后可以导入，没有登记的日子按周末休息算。' },
  },
  fields: { name: '名称', held_on: '日期', kind: '安排' },
  hints: { name: '如春节' },
  kinds: { off: '休息', work: '上班' },
  twice: '这一天已经登记。',
}
