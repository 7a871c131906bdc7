import { runGroup } from '../fixtures/groups.ts'

await runGroup('modules')
