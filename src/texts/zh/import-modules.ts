/** What an import of a declared module says, by what one record is called. */
export const importWords = (one: string) => ({
  label: one,
  short: one,
  newOnes: `新${one}`,
  rowsBecome: `每行导入为一条${one}。`,
  templateName: `${one}导入模板`,
  templateLink: `下载${one}模板`,
  help: (needed: string[], hasOwner: boolean) =>
    `导入${one}时，${needed.map((label) => `「${label}」`).join('、')}必填。${hasOwner ? '所属人员不填就是您自己。' : ''}`,
  others: `其他人的${one}`,
  counted: (rows: string) => `${rows} 条${one}`,
  lacking: `您没有新增${one}的权限，不能导入。请联系管理员。`,
  notYours: `此${one}已有，您不能修改。`,
  notForOthers: `您没有移交${one}的权限，只能导入自己的${one}。`,
  noSuch: `系统中没有此${one}，或您不能在其下新增。`,
  severalAbove: `有多条${one}叫这个名字。`,
  several: `系统中有多条${one}叫这个名字，不能确定要更新哪一条。`,
  binned: `回收站中的一条${one}已用此内容。`,
  above: `所属${one}`,
})
export type ImportOfModuleWords = ReturnType<typeof importWords>
