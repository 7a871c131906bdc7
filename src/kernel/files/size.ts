/** A size in bytes as people read it: 812 B, 34 KB, 2.5 MB, 1.2 GB. */
export function showSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilobytes = bytes / 1024
  if (kilobytes < 1024) return `${Math.round(kilobytes)} KB`
  const megabytes = kilobytes / 1024
  if (megabytes < 1024) return `${Number(megabytes.toFixed(1))} MB`
  return `${Number((megabytes / 1024).toFixed(1))} GB`
}
