import './import-kinds.ts'
import { runReadingThread } from '../operation/imports/reading/thread.ts'

await runReadingThread()
