/** A number as a fraction, so that 0.1 + 0.2 is 0.3; the lower part is above 0. */
type Fraction = { upper: bigint; lower: bigint }

export type Fault = 'syntax' | 'zero' | 'long'
export class CalculationError extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault)
    this.fault = fault
  }
}

const longest = 200
const places = 10
const greatest = 10n ** 30n

/** What people type on a Chinese keyboard, as plain signs. */
const plain = (typed: string) =>
  typed
    .normalize('NFKC')
    .replace(/[\s,_]/g, '')
    .replace(/[×xX]/g, '*')
    .replace(/÷/g, '/')
    .replace(/[−–—]/g, '-')

/** The value of an arithmetic expression of + - * / ( ) and %, as text; throws a CalculationError. */
export function calculate(typed: string): string {
  if (typed.length > longest) throw new CalculationError('long')
  const text = plain(typed)
  const tokens = text.match(/\d+(?:\.\d*)?|\.\d+|[-+*/()%]/g) ?? []
  if (tokens.length === 0 || tokens.join('') !== text) throw new CalculationError('syntax')
  const reader = { tokens, at: 0 }
  const value = sum(reader)
  if (reader.at < tokens.length) throw new CalculationError('syntax')
  return written(value)
}

type Reader = { tokens: string[]; at: number }

function next(reader: Reader, wanted: string): string | undefined {
  const token = reader.tokens[reader.at]
  if (token === undefined || !wanted.includes(token)) return undefined
  reader.at++
  return token
}

function sum(reader: Reader): Fraction {
  let value = product(reader)
  for (let sign = next(reader, '+-'); sign; sign = next(reader, '+-')) {
    const { upper, lower } = product(reader)
    value = { upper: value.upper * lower + (sign === '+' ? upper : -upper) * value.lower, lower: value.lower * lower }
  }
  return value
}

function product(reader: Reader): Fraction {
  let value = signed(reader)
  for (let sign = next(reader, '*/'); sign; sign = next(reader, '*/')) {
    const other = signed(reader)
    value = sign === '*' ? times(value, other) : times(value, inverse(other))
  }
  return value
}

const times = (a: Fraction, b: Fraction): Fraction => ({ upper: a.upper * b.upper, lower: a.lower * b.lower })

function inverse({ upper, lower }: Fraction): Fraction {
  if (upper === 0n) throw new CalculationError('zero')
  return upper < 0n ? { upper: -lower, lower: -upper } : { upper: lower, lower: upper }
}

function signed(reader: Reader): Fraction {
  if (next(reader, '+')) return signed(reader)
  if (next(reader, '-')) {
    const { upper, lower } = signed(reader)
    return { upper: -upper, lower }
  }
  let value = single(reader)
  while (next(reader, '%')) value = times(value, { upper: 1n, lower: 100n })
  return value
}

function single(reader: Reader): Fraction {
  if (next(reader, '(')) {
    const value = sum(reader)
    if (!next(reader, ')')) throw new CalculationError('syntax')
    return value
  }
  const token = reader.tokens[reader.at++] ?? ''
  if (!/^[\d.]/.test(token)) throw new CalculationError('syntax')
  const [whole = '', rest = ''] = token.split('.')
  return { upper: BigInt(whole + rest || '0'), lower: 10n ** BigInt(rest.length) }
}

/** With at most ten places behind the point, rounded half up, and commas in thousands. */
function written({ upper, lower }: Fraction): string {
  const size = upper < 0n ? -upper : upper
  if (size / lower >= greatest) throw new CalculationError('long')
  const scale = 10n ** BigInt(places)
  const rounded = (2n * size * scale + lower) / (2n * lower)
  const whole = (rounded / scale).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = (rounded % scale).toString().padStart(places, '0').replace(/0+$/, '')
  const sign = upper < 0n && rounded > 0n ? '-' : ''
  return sign + whole + (rest && `.${rest}`)
}
