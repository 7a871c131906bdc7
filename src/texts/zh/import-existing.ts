/** What is asked about rows whose record is in the program already. */
export const existing = {
  title: (rows: string) => `${rows} 行在系统中已有`,
  evidence: { code: '编码', credit: '税号', exact: '名称', name: '姓名' },
  found: (parts: string[]) => `按${parts.join('、')}找到。`,
  part: (label: string, rows: string) => `${label} ${rows} 行`,
  choices: {
    skip: (rows: string) => `跳过（${rows} 行不导入）`,
    fill: (rows: string) => `补充空白（${rows} 行只填入系统中为空的项目）`,
    overwrite: (rows: string) => `覆盖（${rows} 行以文件中填写的内容为准）`,
    add: (rows: string) => `仍然新增（${rows} 行另存为新的记录）`,
  },
  example: (number: string, name: string) => `第 ${number} 行「${name}」，系统中是 `,
  others: '其他人的客户',
  addNote: (rows: string, label: string) => `其中 ${rows} 行的${label}已被使用，选择「仍然新增」时会成为有误的行。`,
  alike: {
    title: (rows: string) => `${rows} 行只有电话与已有客户相同`,
    found:
      '名称不同，也没有编码或税号可以证明是同一家：可能是同一家的另一种写法，也可能是代账会计或关联公司共用的电话。',
    choices: {
      add: (rows: string) => `作为新客户（${rows} 行新增；是否重复，之后可在「客户查重」中核对）`,
      skip: (rows: string) => `跳过（${rows} 行不导入）`,
      fill: (rows: string) => `视为同一客户，补充空白（${rows} 行只填入系统中为空的项目）`,
      overwrite: (rows: string) => `视为同一客户，覆盖（${rows} 行以文件中填写的内容为准，名称也会改）`,
    },
    example: (number: string, name: string) => `第 ${number} 行「${name}」，电话同 `,
    more: (rows: string, unlisted: string) =>
      `再看 ${rows} 行${unlisted === '0' ? '' : `（另有 ${unlisted} 行未列出）`}`,
  },
  codes: {
    title: (rows: string) => `${rows} 行与前面的行同名，但客户编码不同`,
    found: '编码不同，可能是两个同名的客户（例如门店），也可能是同一客户编了两次码。',
    choices: {
      add: (rows: string) => `是不同的客户（${rows} 行各自新增）`,
      skip: (rows: string) => `是同一客户（${rows} 行不另建客户，只增加联系人）`,
    },
    example: (number: string, name: string, code: string) => `第 ${number} 行「${name}」，编码 ${code}，同名的是 `,
    earlier: (row: string) => `第 ${row} 行`,
  },
}
