import { text } from '../../texts/index.ts'
import { showCount, showInstant } from '../web/formatting.ts'
import type { Column, Filter, List, Row } from '../web/list.ts'
import { type Job, type JobState, visibleJobs } from './job.ts'

const tones: Record<JobState, string> = {
  waiting: 'gray',
  running: 'blue',
  done: 'green',
  failed: 'red',
  cancelled: 'amber',
}

export const stateCell = ({ state }: Pick<Job, 'state'>) => ({ text: text.jobs.states[state], tone: tones[state] })

/** How far a job is, for a person. */
export const progressText = ({ done_count, total_count }: Pick<Job, 'done_count' | 'total_count'>) =>
  total_count === null ? showCount(done_count) : text.jobs.progressOf(showCount(done_count), showCount(total_count))

const instant = (name: 'created_at' | 'finished_at', label: string): Column => ({
  name,
  label,
  kind: 'instant',
  cell: (row) => ({ text: showInstant(row[name] as string | null) }),
})

const columns: Column[] = [
  {
    name: 'title',
    label: text.jobs.kind,
    kind: 'text',
    cell: (row) => ({ text: String(row.title), href: `/jobs/${row.id}` }),
  },
  { name: 'state', label: text.jobs.state, kind: 'text', cell: (row: Row) => stateCell(row as unknown as Job) },
  {
    name: 'progress',
    label: text.jobs.progress,
    kind: 'text',
    align: 'end',
    cell: (row: Row) => ({ text: progressText(row as unknown as Job) }),
  },
  {
    name: 'user_id',
    label: text.jobs.startedBy,
    kind: 'text',
    cell: (row, reference) => ({ text: reference.person(row.user_id as number)?.name ?? '' }),
  },
  instant('created_at', text.jobs.createdAt),
  instant('finished_at', text.jobs.finishedAt),
]

const states: Filter = {
  name: 'state',
  label: text.jobs.state,
  kind: 'choice',
  options: () => Object.entries(text.jobs.states).map(([value, label]) => ({ value, label })),
  apply: (query, value) => query.where('jobs.state', value),
}

/** Long work and who started it: one's own, or all with the right to see that of others. */
export const jobList: List = {
  path: '/jobs',
  title: text.jobs.title,
  permissions: { view: 'signed-in' },
  table: 'jobs',
  columns,
  filters: [states],
  order: { column: 'jobs.id', order: 'desc' },
  rows: (db, viewer) =>
    visibleJobs(db, viewer).select(
      'jobs.id',
      'jobs.title',
      'jobs.state',
      'jobs.done_count',
      'jobs.total_count',
      'jobs.user_id',
      'jobs.created_at',
      'jobs.finished_at',
    ),
  empty: () => ({ text: text.jobs.empty }),
}
