export const list = {
  search: '搜索',
  total: (count: string) => `共 ${count} 条`,
  range: (first: string, last: string) => `第 ${first}–${last} 条`,
  previous: '上一页',
  next: '下一页',
  nothingFound: '没有符合条件的记录。请放宽或清除条件。',
  nothingYet: '还没有记录。',
  printLimit: (most: number) => `仅打印前 ${most} 条，请缩小范围或导出。`,
}
