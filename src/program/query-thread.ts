import { runQueryThread } from '../kernel/query-thread/thread.ts'
import { asideKinds } from './query-kinds.ts'

runQueryThread(asideKinds)
