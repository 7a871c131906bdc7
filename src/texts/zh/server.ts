export const server = {
  refused: '设置有误，程序没有启动：',
  dataFolderRefused: (folder: string, reason: string) =>
    `无法使用数据文件夹 ${folder}(${reason})。请检查权限和磁盘空间，或用 DATA_DIR 指定别的文件夹。`,
  databaseRefused: (reason: string) => `无法打开数据库：${reason}`,
  databaseDamaged: (file: string, backups: string) =>
    `数据库文件 ${file} 已损坏，或者不是本程序的数据库。程序没有启动，也没有改动它。请从最近的备份还原：npm run backup:restore -- 备份文件(备份在 ${backups} 中)。`,
  databaseNewer: (count: number) =>
    `数据库由更新版本的程序使用过(多出 ${count} 项结构变更)，这个版本不能打开。程序没有启动，也没有改动数据库。请改用原来的新版本，或从升级前的备份还原。`,
  databaseClosed: (file: string) =>
    `不能读写数据库 ${file}。运行程序的账号必须能读写这个文件和它所在的文件夹；请检查权限，以及磁盘是否只读，然后重新启动。`,
  databaseBusy: (file: string) =>
    `数据库 ${file} 正被另一个程序占用。请先停止那个程序(本程序不能同时启动两次)，再重新启动。`,
  diskFull: (folder: string) =>
    `数据文件夹 ${folder} 所在的磁盘空间已满，程序没有启动，已有数据不受影响。请清理磁盘后重新启动。`,
  diskFailing: (file: string) =>
    `读写数据库 ${file} 时磁盘出错，程序没有启动。请检查磁盘(连接、空间、是否损坏)；恢复后仍不能启动时，请从备份还原：npm run backup:restore -- 备份文件。`,
  logMissing: (file: string, log: string, index: string) =>
    `缺少 ${log}：上次程序没有正常停止，最近保存的内容在这个文件里，只有 ${file} 是不完整的。程序没有启动。请把它放回原处再启动；找不到时，请从备份还原(npm run backup:restore -- 备份文件)，或者删除 ${index} 后启动，最近保存的内容会丢失。`,
  portTaken: (port: number) => `端口 ${port} 已被占用。请关闭占用它的程序，或用 PORT 指定别的端口。`,
  ready: (address: string) => `客户管理系统已启动，请用浏览器打开：${address}`,
  firstAccount: (username: string, password: string) =>
    `首次登录用户名：${username}  密码：${password}(登录后须立即更换，更换前只能在本机登录)`,
  firstAccountGiven: (username: string) => `首次登录用户名：${username}  密码：您在 INITIAL_PASSWORD 中指定的密码`,
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
  tlsFileMalformed: (file: string) => `文件 ${file} 不是 PEM 格式的证书或没有密码的私钥。请检查 TLS_CERT 和 TLS_KEY。`,
  tlsKeyOther: (key: string, cert: string) => `私钥 ${key} 与证书 ${cert} 不配对。请使用同一次申请得到的两个文件。`,
  tlsExpired: (file: string, day: string) => `注意：证书 ${file} 已于 ${day} 过期，浏览器会提示不安全。请尽快更换。`,
  tlsExpiresSoon: (file: string, days: number) => `注意：证书 ${file} 将在 ${days} 天后过期，请及时更换。`,
  hostOutside: (host: string) =>
    `注意：程序在 ${host} 上以不加密的 http 接受其他电脑的访问，密码会以明文经过网络。请设置 TLS_CERT 和 TLS_KEY，或只经由 https 的反向代理访问。`,
  stop: '按 Ctrl+C 停止。',
}
