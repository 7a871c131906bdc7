export const savedReports = {
  one: '常用报表',
  words: {
    create: '保存为常用报表',
    edit: '修改常用报表',
    taken: '您已有同名的常用报表。',
    deletionDetails: [] as string[],
  },
  fields: {
    name: '报表名称',
    is_pinned: '放到工作台',
    is_shared: '共享给同事',
    analysis: '统计分析',
    query: '条件',
  },
  sharedHint: '同事打开时，看到的是各自数据范围内的数字',
  shared: '共享',
  deletionOwn: '只删除保存的条件，客户资料不受影响。',
  deletionShared: '它已共享给同事，删除后他们也不再看到。客户资料不受影响。',
}

export const desk = {
  title: '工作台',
  lists: '常用入口',
  reports: '我的报表',
  problem: (message: string) => `${message}请打开报表，重新选择条件。`,
  noReports: '还没有放到工作台的报表。打开一个统计分析，选好条件后点「保存为常用报表」即可放到这里。',
  toAnalysis: '去统计分析',
  noData: '暂无数据',
  open: '打开',
}
