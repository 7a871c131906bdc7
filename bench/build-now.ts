import { benchDatabase } from './database.ts'
console.log(await benchDatabase(1_000_000, 500))
process.exit(0)
