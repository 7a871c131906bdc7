import type { Paths } from '../../kernel/db/paths.ts'

/** The tree of departments. */
export const departmentPaths: Paths = { table: 'department_paths', above: 'ancestor_id', below: 'descendant_id' }
