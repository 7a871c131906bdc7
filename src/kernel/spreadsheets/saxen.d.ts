/** The part of saxen 11 that is used here; the package has no types of its own. */
declare module 'saxen' {
  export class Parser {
    on(event: 'openTag', handler: (name: string, attributes: () => Record<string, string>) => void): this
    on(event: 'closeTag', handler: (name: string) => void): this
    on(event: 'text' | 'cdata' | 'comment' | 'attention' | 'question', handler: (text: string) => void): this
    write(xml: string): this
    end(): Error | null
  }
}
