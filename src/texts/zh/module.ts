/** The words of a declared module, by what one record is called. */
export const moduleWords = (one: string) => ({
  title: one,
  create: `新增${one}`,
  createFor: (above: string) => `新增${one} · ${above}`,
  edit: `修改${one}`,
  titleOf: (name: string) => `${one}：${name}`,
  paperOf: (paper: string, name: string) => `${paper}：${name}`,
  basic: '基本信息',
  files: '附件',
  createdAt: '录入时间',
  updatedAt: '修改时间',
  pinyin: '拼音',
  searched: (labels: string[]) => labels.join('、'),
  empty: `还没有${one}。`,
  taken: `已有同名的${one}。`,
  takenBy: (label: string) => `此${label}已被使用（可能在回收站中），请换一个。`,
  saved: (name: string) => `${one}「${name}」已保存。`,
  unchanged: '没有改动。',
  deleted: (name: string) => `${one}「${name}」已删除。`,
  binned: (name: string) => `${one}「${name}」已移入回收站。`,
  deletion: `删除${one}`,
  deletionText: (name: string, above?: string) =>
    above === undefined ? `确认删除${one}「${name}」？` : `确认删除「${above}」的${one}「${name}」？`,
  deletionDetails: ['删除后无法恢复，操作日志中留有记录。'],
  counted: (count: string) => `${count} 条${one}`,
  binDetails: (going: string[]) => [
    going.length > 0 ? `它和它的 ${going.join('、')}将一起移入回收站，可以恢复。` : '删除后进入回收站，可以恢复。',
  ],
  notYet: (name: string) => `${one}「${name}」还不能删除，请先处理：`,
  foundAlike: `可能已有相同的${one}，尚未保存`,
  alike: (labels: string[]) => `${labels.join('、')}相同`,
  unseen: `无权查看的${one}`,
  accept: `确认是另一个${one}，仍然保存`,
  held: (hanging: string[]) => `还有${hanging.join('、')}，请先删除它们。`,
  confirm: '删除',
})
export type ModuleWords = ReturnType<typeof moduleWords>

/** Of the lines of records. */
export const lines = {
  one: (place: number, said: string) => `第 ${place} 行：${said}`,
  between: '；',
  betweenCells: '，',
  cell: (lines: string, place: number, label: string) => `${lines}第 ${place} 行 ${label}`,
  most: (most: number) => `最多 ${most} 行。`,
  tooMuch: '合计超出范围，请核对。',
  total: '合计',
  place: '行号',
  placeOf: (place: number) => `第 ${place} 行的行号`,
  remove: '删除',
  removeOf: (place: number) => `删除第 ${place} 行`,
  more: (count: number) => `再加 ${count} 行`,
  hint: '空行不保存；改行号可调整顺序，勾选「删除」的行在保存时去掉。',
  none: '没有明细。',
  otherHead: (row: number) => `与第 ${row} 行同属一条记录，内容却不同，请改成一致或留空。`,
}

export const papers = { paper: '单据', basic: '基本信息' }

/** Why a declaration cannot be, for who starts the program. */
export const declarations = {
  refused: (module: string, what: string) => `模块 ${module} 的声明有误：${what}`,
  nameTwice: '同名的模块已经存在',
  badName: '名称须以小写字母开头，只含字母、数字和下划线，最多 40 个字符',
  noSection: (name: string) => `分类 ${name} 重复，或名称不是小写字母和连字符`,
  reservedName: (field: string) => `字段名 ${field} 在地址中另有含义`,
  pathTwice: (path: string, other: string) => `地址 ${path} 已被模块 ${other} 使用`,
  fieldTwice: (field: string) => `字段 ${field} 重复`,
  noTitle: (field: string) => `名称字段 ${field} 不是它的字段`,
  noField: (field: string, use: string) => `${use} 用到的 ${field} 不是它的字段`,
  noAct: (act: string) => `没有「${act}」这种权限`,
  noModule: (module: string) => `所属模块 ${module} 不存在`,
  noFileKind: (kind: string) => `没有「${kind}」这种附件`,
  noBatch: (field: string) => `字段 ${field} 不能批量修改：只有不遮盖、可重复、不是归属的选项字段可以`,
  noKind: (field: string) =>
    `字段 ${field} 不成立：小数的列名以 _micros 结尾，位数 0 至 6，上下限写得对；时刻的列名以 _at 结尾；指向记录的列名以 _id 结尾，可以重复，不作筛选；都不能遮盖`,
  noTarget: (field: string, to: string) => `字段 ${field} 指向的模块 ${to} 不存在`,
  noNumber: (field: string) =>
    `编号字段 ${field} 不成立：应是不可重复的单行文字，规则有且只有一个流水号，如 WX{yyyy}{mm}-{0000}，编出的号放得下`,
  noLines: (lines: string, what: string) => `明细 ${lines} 不成立：${what}`,
  linesOfLines: '明细之下不能再有明细',
  linesTwice: '名称与其他字段或明细重复',
  linesField: (field: string) => `字段 ${field} 重复、写错或不能用在明细里`,
  linesMost: '行数上限应为 1 至 1000',
  linesTotal: (field: string) => `合计 ${field} 应是数字字段，存入的字段类型相同且不必填`,
  noPaper: (name: string) => `单据 ${name} 不成立：名称重复或写错，或没有打印权限`,
  noAlike: (fields: string) => `查重的字段 ${fields} 不存在，或不是它自己的字段`,
  noView: '没有查看权限',
  noPersonal: (field: string) => `${field} 写明只属本人：不能再有归属、按选项计数或导入`,
  noShared: (field: string) => `共享字段 ${field} 不成立：应是只属本人的模块中的勾选字段，并有「共享」权限`,
  noRight: (right: string) => `权限 ${right} 不存在、不属于它的操作，或管不到它的归属`,
  rightsTwice: (name: string) => `权限 ${name} 已属于别的模块`,
}
