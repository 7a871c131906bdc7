export const config = {
  HOST: 'HOST 应为本机地址或主机名，例如 127.0.0.1 或 0.0.0.0。',
  PORT: 'PORT 应为 0 到 65535 之间的整数，例如 3000。',
  DATA_DIR: 'DATA_DIR 应为可写的文件夹。',
  DATABASE_URL: 'DATABASE_URL 应为 sqlite:文件名，或 mssql://用户名:密码@主机:端口/数据库名?encrypt=true。',
  INITIAL_PASSWORD: 'INITIAL_PASSWORD 至少 8 位。',
  PUBLIC_URL: 'PUBLIC_URL 应为完整的网址，例如 https://crm.example.com。',
  TRUST_PROXY: 'TRUST_PROXY 应为 true、false，或反向代理自己的地址，例如 127.0.0.1 或 10.0.0.2,10.0.0.3。',
  TLS_CERT: 'TLS_CERT(证书文件)和 TLS_KEY(私钥文件)须同时设置。',
  LOG_LEVEL: 'LOG_LEVEL 应为 fatal、error、warn、info、debug、trace、silent 之一。',
}
