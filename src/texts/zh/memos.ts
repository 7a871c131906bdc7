/** What one wants to be reminded of 「备忘提醒」 [S11]. */
export const memos = {
  said: {
    label: '备忘提醒',
    words: {
      create: '新增备忘',
      empty: '没有备忘。写下内容和日期，到那一天它就出现在您的工作台上，只有您自己能看到。',
    },
  },
  fields: { subject: '备忘', shown_on: '提醒日期', state: '状态', notes: '详细内容' },
  hints: { shown_on: '从这一天起列在工作台上，直到办完' },
  open: '未办的',
  desk: (count: string) => `备忘提醒（${count}）`,
  firstOnly: (count: number) => `只列出最早的 ${count} 条。`,
}
