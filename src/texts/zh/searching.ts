/** The page behind the box on top. */
export const searching = {
  title: '全局搜索',
  asked: (q: string) => `搜索「${q}」`,
  why: '命中',
  reason: (label: string, shown: string) => `${label} ${shown}`,
  nothing: '没有找到。',
  everything: '查看全部结果',
  here: (q: string) => `在本列表中查找「${q}」`,
  creation: (create: string, q: string) => `${create}「${q}」`,
  all: (count: string) => `全部 ${count} 条`,
  nothingToFind: '没有您可以查找的资料。',
  nothingTyped: (modules: string) => `请在顶栏的搜索框输入要找的内容。可以查找：${modules}。`,
  nothingFound: (modules: string) => `没有找到。已查找：${modules}。请换一段名称、编码、电话或拼音首字母再试。`,
}
