import '../modules.ts'
import { contactImport, customerImport } from '../customers/imports/kinds.ts'
import { declareImports } from '../operation/imports/kinds.ts'

declareImports([customerImport, contactImport], new URL('reading-thread.ts', import.meta.url))
