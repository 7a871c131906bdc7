/** 「联系记录」: what was said with a customer, and what comes next. */
export const followUps = {
  said: {
    label: '联系记录',
    words: {
      create: '增加记录',
      createFor: (customer: string) => `增加记录 · ${customer}`,
      empty: '还没有联系记录。在客户列表或客户资料页点「增加记录」，写下谈了什么、下次什么时候联系。',
    },
  },
  fields: {
    customer_id: '客户',
    contact_id: '联系人',
    method_id: '跟进方式',
    contacted_at: '联系时间',
    subject: '主题',
    content: '内容',
    result_id: '跟进结果',
    next_contact_on: '下次联系时间',
    next_content: '下次联系内容',
    user_id: '记录人',
  },
  hints: {
    subject: '不填时取内容的开头。',
    next_contact_on: '保存后成为该客户的下次联系时间；留空时，客户已到期的时间不再提醒。',
  },
  add: '增加记录',
  inFuture: '联系时间不能晚于现在。',
  nextPassed: '下次联系时间已经过去，请改为今天或以后；没有安排就留空。',
  otherContact: '这位联系人不属于该客户，请重新选择。',
  locked: (hours: number) => `联系记录只能由记录人在 ${hours} 小时内修改，以后由其上级修改。`,
  earlier: (day: string) => `该客户原定 ${day} 联系。`,
  next: (day: string) => `该客户的下次联系时间：${day}。`,
  done: '该客户原来的下次联系时间已到期，不再提醒。',
  laterStays: (name: string, day: string) => `${name}刚才也为该客户写了联系记录，下次联系时间取较晚的 ${day}。`,
}
