/** A size in bytes as people read it: 812 B, 34 KB, 2.5 MB. */
export function showSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilobytes = bytes / 1024
  if (kilobytes < 1024) return `${Math.round(kilobytes)} KB`
  return `${Number((kilobytes / 1024).toFixed(1))} MB`
}
