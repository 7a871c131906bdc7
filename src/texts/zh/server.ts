export const server = {
  refused: '设置有误，程序没有启动：',
  dataFolderRefused: (folder: string, reason: string) =>
    `无法使用数据文件夹 ${folder}(${reason})。请检查权限和磁盘空间，或用 DATA_DIR 指定别的文件夹。`,
  databaseRefused: (reason: string) => `无法打开数据库：${reason}`,
  portTaken: (port: number) => `端口 ${port} 已被占用。请关闭占用它的程序，或用 PORT 指定别的端口。`,
  ready: (address: string) => `客户管理系统已启动，请用浏览器打开：${address}`,
  firstAccount: (username: string, password: string) =>
    `首次登录用户名：${username}  口令：${password}(登录后须立即更换，更换前只能在本机登录)`,
  firstAccountGiven: (username: string) => `首次登录用户名：${username}  口令：您在 INITIAL_PASSWORD 中指定的口令`,
  demo: (names: string) => `演示公司已备好。演示账号：${names}`,
  stop: '按 Ctrl+C 停止。',
}
