export const departments = {
  title: '部门',
  fields: { name: '部门名称', parent_id: '上级部门', head_id: '负责人', branch_code: '分支编号' },
  hints: { branch_code: '两个字母加两位数字，如 CC01；本部门及下级部门员工的编号以此开头。不填则随上级部门。' },
  branchCode: '分支编号须为两个字母加两位数字，如 CC01',
  taken: '同一上级部门下已有同名部门，请换一个名称。',
  headLeft: (name: string) => `${name} 已离职，不能作部门负责人，请另选一位。`,
  belowItself: '上级部门不能是本部门自己。',
  cycle: (names: string[]) => `不能移到自己的下级部门之下：${names.join(' → ')}。请另选上级部门。`,
}
