/** What a check says of rows that are no records, and how they are known. */
export const rows = {
  strays: {
    ragged: (cell: string) =>
      `这一行比列名多出「${cell}」，内容可能错位（例如没有加引号的逗号把一格分成两格）。请核对后改正；如果多出的一列有用，请补上列名。`,
    heading: '这一行重复了列名或标题，不是数据。',
    total: '这是合计行，不是数据。',
    footer: '这是表尾的说明（制表、审核、日期、页码等），不是数据。',
    ditto: '「同上」的上面没有内容。',
  },
  /** The first cell of a row of sums. */
  totals:
    /^(?:(?:本页|本月|本季|本年|全部|全表|累计|总)?(?:合计|总计|小计|共计)|合计(?:数|金额)|total|subtotal|grandtotal)[:：]?$/i,
  /** What stands below a table, whatever is beside it. */
  signatures:
    /^(?:制表|制单|填表|填报|编制|审核|复核|审批|批准|经办|打印|导出)(?:人员?|者|单位|部门|日期|时间)?(?:[:：].*)?$/,
  /** The same where no record has a name beside it. */
  footers:
    /^(?:(?:日期|时间|备注|说明|附注|注|单位|单位负责人|部门负责人|主管|会计|出纳|联系电话)[:：].*|(?:共|合计|总共)?\d+[条行页家户个]|共\d+[条行页家户个].*|第\d+页.*|以[上下].*)$/,
  /** A cell that says: as above. */
  dittos: ['同上', '(同上)', '〃', '″', '〞', '”', '"'],
  /** Columns that hold a part of a field, or several fields at once. */
  joined: { place: '省市区（在同一列）', family_name: '姓', given_name: '名' },
  several: {
    further: (label: string, rest: string[]) => `其他${label}：${rest.join('、')}`,
  },
  /** Parts of the name of an option that say nothing, and such that turn it round. */
  nameParts: { empty: /客户|级别|等级|类型|行业|地区|区域|渠道|[类级型业区]$/g, opposite: /[非不无未准潜]/ },
  mayNotMove: '此客户归其他人所有，您不能移交它。',
}
