export const mailTemplates = {
  label: '邮件模板',
  words: {
    create: '新增模板',
    edit: '修改模板',
    empty: '还没有模板。常写的邮件可以存成模板。',
    deletion: '删除模板',
    deletionDetails: ['已经发送的邮件不受影响。', '删除后无法恢复，操作日志中留有记录。'],
  },
  deletionShared: '这是所有人可用的模板，其他人员也将不能再使用。',
  fields: { name: '模板名称', is_shared: '所有人可用', subject: '主题', body: '正文', user_id: '作者' },
  sharedHint: '不勾选则只有自己能用。',
}
