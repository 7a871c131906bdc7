/**
 * Makes rows of both drivers identical; the ending of a column's name says its type: `_at` ISO instant, `_on` day,
 * `is_`/`has_` boolean, `_cents`, `_micros` and `_count` number (SQL Server sends bigint as text).
 */
export function readRows<T>(response: T): T {
  if (Array.isArray(response)) response.forEach(readRow)
  else readRow(response)
  return response
}

const numbers = ['_cents', '_micros', '_count']

function readRow(row: unknown) {
  if (row === null || typeof row !== 'object' || Array.isArray(row)) return
  const record = row as Record<string, unknown>
  for (const key in record) {
    const value = record[key]
    if (value === null) continue
    if (value instanceof Date)
      record[key] = key.endsWith('_on') ? value.toISOString().slice(0, 10) : value.toISOString()
    else if (key.startsWith('is_') || key.startsWith('has_')) record[key] = Boolean(value)
    else if (typeof value === 'string' && numbers.some((ending) => key.endsWith(ending))) record[key] = Number(value)
  }
}
