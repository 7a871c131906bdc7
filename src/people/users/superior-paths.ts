import type { Paths } from '../../kernel/db/paths.ts'

/** Everyone below a superior, however many steps away. */
export const superiorPaths: Paths = { table: 'superior_paths', above: 'superior_id', below: 'user_id' }
