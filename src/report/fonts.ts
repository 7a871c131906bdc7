import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Font } from 'fontkit'

const FILES = {
  regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
}
export type Weight = keyof typeof FILES
export type Fonts = Record<Weight, Font>

// 10 MB each: shared by all PDFs in work, given back to the machine when none needs them.
const held = new Map<Weight, WeakRef<Buffer>>()

async function fontFile(weight: Weight): Promise<Buffer> {
  const shared = held.get(weight)?.deref()
  if (shared) return shared
  const file = await readFile(fileURLToPath(import.meta.resolve(FILES[weight])))
  held.set(weight, new WeakRef(file))
  return file
}

/**
 * Noto Sans SC in two weights, opened anew for each document (0.3 ms): a fontkit font remembers with each glyph the
 * character it was first used for, and would give one document's radicals to the text copied out of the next.
 */
export async function openFonts(): Promise<Fonts> {
  const [{ create }, regular, bold] = await Promise.all([import('fontkit'), fontFile('regular'), fontFile('bold')])
  return { regular: create(regular) as Font, bold: create(bold) as Font }
}
