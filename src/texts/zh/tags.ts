export const tags = {
  label: '标签',
  fields: { name: '标签名称', tone: '颜色', uses: '客户数' },
  empty: '还没有标签。可以在这里新增，也可以在客户表单中直接填写新标签。',
  newTag: '新标签',
  newTags: '新标签',
  newTagsHint: '多个标签用逗号或顿号分开',
  tooLong: (name: string, most: number) => `标签「${name}」超过 ${most} 个字。`,
  tooMany: (most: number) => `一次最多新增 ${most} 个标签。`,
  deletionDetails: (living: string, binned: string) => [
    `${living} 个客户将失去此标签，客户资料不受其他影响。`,
    ...(binned === '0' ? [] : [`其中不含回收站中的 ${binned} 个客户，他们也将失去此标签。`]),
  ],
}
