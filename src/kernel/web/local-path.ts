/** An address inside the program, as a redirect or a form may use it; anything else is undefined. */
export function localPath(value: unknown): string | undefined {
  const isLocal = typeof value === 'string' && value.length <= 2000 && /^\/(?![/\\])[!-[\]-~]*$/.test(value)
  return isLocal ? value : undefined
}
