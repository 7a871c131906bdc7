export const restore = {
  program: '程序',
  operator: '服务器操作员',
  usage:
    '用法：npm run access:restore -- 用户名  解除此人的两步验证、设备和地址限制及锁定；加 --new-password 同时换一个新密码。\n      npm run access:restore -- --new-key  密钥文件确已丢失时，改用新的密钥。',
  noDatabase: (file: string) => `没有找到数据库文件 ${file}，请检查 DATA_DIR 或 DATABASE_URL。`,
  nobody: (username: string) => `没有用户名为「${username}」的用户。`,
  done: (username: string) => `已解除 ${username} 的两步验证、设备和地址限制及锁定，现在只凭密码即可登录。`,
  doneWithPassword: (username: string, password: string) =>
    `已解除 ${username} 的登录限制。新密码：${password}(登录后须立即更换)`,
  newKey: '下次启动时将使用新的密钥。所有人的两步验证和已批准的设备已作废，请重新设置。',
}
