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
  secretKeyUnreadable: (file: string, reason: string) =>
    `无法使用密钥文件 ${file}(${reason})。请检查权限和磁盘空间，或用 SECRET_KEY_FILE 指定别的位置。`,
  secretKeyMalformed: (file: string) => `密钥文件 ${file} 的内容不完整或被改动过。请从备份恢复此文件。`,
  secretKeyGone: (file: string) =>
    `找不到密钥文件 ${file}。数据库中有用它加密的内容，请从备份恢复此文件，或用 SECRET_KEY_FILE 指明它的位置；确实丢失时请运行 npm run access:restore -- --new-key。`,
  secretKeyOther: (file: string) =>
    `密钥文件 ${file} 与数据库不符。请从备份恢复原来的文件，或用 SECRET_KEY_FILE 指明它的位置；确实丢失时请运行 npm run access:restore -- --new-key。`,
  tlsFileMissing: (file: string, reason: string) =>
    `无法读取证书或私钥文件 ${file}(${reason})。请检查 TLS_CERT 和 TLS_KEY。`,
  tlsFileMalformed: (file: string) => `文件 ${file} 不是 PEM 格式的证书或没有口令的私钥。请检查 TLS_CERT 和 TLS_KEY。`,
  tlsKeyOther: (key: string, cert: string) => `私钥 ${key} 与证书 ${cert} 不配对。请使用同一次申请得到的两个文件。`,
  tlsExpired: (file: string, day: string) => `注意：证书 ${file} 已于 ${day} 过期，浏览器会提示不安全。请尽快更换。`,
  tlsExpiresSoon: (file: string, days: number) => `注意：证书 ${file} 将在 ${days} 天后过期，请及时更换。`,
  hostOutside: (host: string) =>
    `注意：程序在 ${host} 上以不加密的 http 接受其他电脑的访问，口令会以明文经过网络。请设置 TLS_CERT 和 TLS_KEY，或只经由 https 的反向代理访问。`,
  stop: '按 Ctrl+C 停止。',
}
