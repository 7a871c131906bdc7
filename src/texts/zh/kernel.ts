export const menu = {
  customers: '客户',
  imports: '导入',
  analysis: '统计分析',
  customerLevels: '客户级别分析',
  customerSources: '客户来源分析',
  settings: '设置',
}

/** The modules of src/permissions.ts. */
export const modules = {
  customers: '客户资料',
  contacts: '联系人',
  files: '附件和照片',
  business_cards: '名片',
  identity_pictures: '证件照片',
  duplicates: '客户查重',
  recycle_bin: '回收站',
  analysis: '统计分析',
  jobs: '后台任务',
  departments: '部门',
  users: '用户管理',
  dictionaries: '基础设置',
  tags: '标签',
  list_views: '列表视图',
  audit_log: '操作日志',
  settings: '系统设置',
}

/** What can be done with a module; also what the operation log says. */
export const actions = {
  view: '查看',
  create: '新增',
  update: '修改',
  delete: '删除',
  restore: '恢复',
  purge: '彻底删除',
  import: '导入',
  undo: '撤销导入',
  export: '导出',
  print: '打印',
  share: '共享',
  'sign-in': '登录',
  'sign-in-failed': '登录失败',
  'sign-in-locked': '多次失败，账号锁定',
  'sign-out': '退出',
  password: '修改口令',
  'password-refused': '修改口令被拒',
  'password-reset': '重置口令',
  unlock: '解锁',
  upload: '上传',
  'remove-file': '删除附件',
  start: '发起任务',
  cancel: '取消任务',
  verify: '校验',
  cleanup: '清理',
}

export const roles = {
  administrator: '超级管理员',
  user: '普通用户',
}
