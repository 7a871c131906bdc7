import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Font } from 'fontkit'
import { joinedFont } from './joined-font.ts'

/**
 * The font of each weight, and those that have what it lacks: of the rare hanzi beyond U+FFFF Noto Sans SC has 221, the
 * other two have 2,085 more.
 */
const FILES = {
  regular: [
    'noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
    'noto-sans-hk/400Regular/NotoSansHK_400Regular.ttf',
    'noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  ],
  bold: [
    'noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
    'noto-sans-hk/700Bold/NotoSansHK_700Bold.ttf',
    'noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf',
  ],
}
export type Weight = keyof typeof FILES
export type Fonts = Record<Weight, Font>

// 5 to 10 MB each: shared by all PDFs in work, given back to the machine when none needs them.
const held = new Map<string, WeakRef<Buffer>>()

/** Read at once: further fonts are wanted in the middle of a text, and nobody waits where PDFs are drawn. */
function fontFile(name: string): Buffer {
  const shared = held.get(name)?.deref()
  if (shared) return shared
  const file = readFileSync(fileURLToPath(import.meta.resolve(`@expo-google-fonts/${name}`)))
  held.set(name, new WeakRef(file))
  return file
}

/**
 * The fonts in two weights, opened anew for each document (0.3 ms): a fontkit font remembers with each glyph the
 * character it was first used for, and would give one document's radicals to the text copied out of the next.
 */
export async function openFonts(): Promise<Fonts> {
  const { create } = await import('fontkit')
  const open = (name: string) => create(fontFile(name)) as Font
  const joined = ([first = '', ...others]: string[]) =>
    joinedFont(
      open(first),
      others.map((name) => () => open(name)),
    )
  return { regular: joined(FILES.regular), bold: joined(FILES.bold) }
}
