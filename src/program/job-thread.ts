import { runJobThread } from '../kernel/jobs/thread.ts'
import { jobKinds } from './job-kinds.ts'

runJobThread(jobKinds)
