export type Tone = 'red' | 'orange' | 'amber' | 'green' | 'teal' | 'blue' | 'indigo' | 'purple' | 'pink' | 'gray'

/** One preset entry. `code` is for programs and standards (GB/T 4754-2017 section, fixed stage); `tone` the colour of the label. */
export type Entry = { label: string; code?: string; tone?: Tone; is_default?: boolean }

export type Dictionary = { name: string; label: string; entries: Entry[] }

/** The dictionaries a new database starts with, in the order of the settings page. `name` is the last part of /dictionaries/… */
export const dictionaries: Dictionary[] = [
  {
    name: 'customer-levels',
    label: '客户级别',
    entries: [
      { label: 'VIP客户', tone: 'red' },
      { label: '重点客户', tone: 'orange' },
      { label: '普通客户', tone: 'blue', is_default: true },
      { label: '潜在客户', tone: 'teal' },
      { label: '低价值客户', tone: 'gray' },
    ],
  },
  {
    name: 'customer-sources',
    label: '客户来源',
    entries: plain('老客户介绍 电话营销 主动来电 公司网站 网络推广 展会 上门拜访 合作伙伴 其他'),
  },
  {
    name: 'customer-types',
    label: '客户类型',
    entries: plain('最终用户 经销商 代理商 合作伙伴 集成商 政府机关 其他'),
  },
  {
    name: 'customer-states',
    label: '客户状态',
    entries: [
      { label: '初步接触', tone: 'gray', is_default: true },
      { label: '有意向', tone: 'teal' },
      { label: '洽谈中', tone: 'blue' },
      { label: '已成交', tone: 'green' },
      { label: '长期合作', tone: 'indigo' },
      { label: '暂停合作', tone: 'amber' },
      { label: '已流失', tone: 'red' },
    ],
  },
  {
    name: 'industries',
    label: '所属行业',
    entries: [
      { code: 'A', label: '农、林、牧、渔业' },
      { code: 'B', label: '采矿业' },
      { code: 'C', label: '制造业' },
      { code: 'D', label: '电力、热力、燃气及水生产和供应业' },
      { code: 'E', label: '建筑业' },
      { code: 'F', label: '批发和零售业' },
      { code: 'G', label: '交通运输、仓储和邮政业' },
      { code: 'H', label: '住宿和餐饮业' },
      { code: 'I', label: '信息传输、软件和信息技术服务业' },
      { code: 'J', label: '金融业' },
      { code: 'K', label: '房地产业' },
      { code: 'L', label: '租赁和商务服务业' },
      { code: 'M', label: '科学研究和技术服务业' },
      { code: 'N', label: '水利、环境和公共设施管理业' },
      { code: 'O', label: '居民服务、修理和其他服务业' },
      { code: 'P', label: '教育' },
      { code: 'Q', label: '卫生和社会工作' },
      { code: 'R', label: '文化、体育和娱乐业' },
      { code: 'S', label: '公共管理、社会保障和社会组织' },
      { code: 'T', label: '国际组织' },
    ],
  },
  {
    name: 'ownerships',
    label: '企业性质',
    entries: plain('国有企业 集体企业 民营企业 股份制企业 外商独资 中外合资 港澳台投资 个体工商户 事业单位'),
  },
  {
    name: 'importances',
    label: '企业重要性等级',
    entries: [
      { label: '非常重要', tone: 'red' },
      { label: '重要', tone: 'orange' },
      { label: '较重要', tone: 'amber' },
      { label: '一般', tone: 'blue', is_default: true },
      { label: '不重要', tone: 'gray' },
    ],
  },
  {
    name: 'credit-ratings',
    label: '信用等级',
    entries: [
      { label: 'AAA级', tone: 'green' },
      { label: 'AA级', tone: 'teal' },
      { label: 'A级', tone: 'blue' },
      { label: 'B级', tone: 'amber' },
      { label: 'C级', tone: 'orange' },
      { label: 'D级', tone: 'red' },
    ],
  },
  {
    name: 'follow-up-methods',
    label: '跟进方式',
    entries: plain('电话* 上门拜访 客户来访 微信 邮件 短信 视频会议 其他'),
  },
  {
    name: 'follow-up-results',
    label: '跟进结果',
    entries: plain('有意向 需继续跟进* 已报价 已成交 暂无需求 未联系上 已拒绝'),
  },
  {
    name: 'opportunity-stages',
    label: '商机阶段',
    entries: [
      { code: 'contact', label: '初步接触', tone: 'gray', is_default: true },
      { code: 'needs', label: '需求确认', tone: 'teal' },
      { code: 'proposal', label: '方案报价', tone: 'blue' },
      { code: 'negotiation', label: '商务谈判', tone: 'indigo' },
      { code: 'contract', label: '合同签订', tone: 'purple' },
      { code: 'won', label: '赢单', tone: 'green' },
      { code: 'lost', label: '输单', tone: 'red' },
    ],
  },
  {
    name: 'loss-reasons',
    label: '失败原因',
    entries: plain('价格过高 竞争对手中标 预算取消 需求变化 产品不符合要求 交货期不符 客户人员变动 其他'),
  },
  {
    name: 'product-categories',
    label: '产品类别',
    entries: plain('软件产品 硬件设备 配件耗材 技术服务 培训服务 其他'),
  },
  { name: 'units', label: '计量单位', entries: plain('台 套* 件 个 箱 米 千克 项 年') },
  { name: 'payment-methods', label: '付款方式', entries: plain('银行转账* 现金 支票 承兑汇票 微信支付 支付宝 其他') },
  {
    name: 'case-types',
    label: '服务类型',
    entries: plain('使用咨询* 安装调试 故障维修 巡检保养 退换货 操作培训 其他'),
  },
  {
    name: 'complaint-types',
    label: '投诉类型',
    entries: plain('产品质量 服务态度 交货延误 价格争议 发票问题 售后响应 其他'),
  },
  { name: 'activity-types', label: '活动类型', entries: plain('会议 客户拜访* 产品演示 商务宴请 展会 培训 其他') },
  {
    name: 'sales-regions',
    label: '区域',
    entries: plain('东北区 华北区 华东区 华中区 华南区 西南区 西北区 港澳台及海外'),
  },
]

// Entries without colour or code, divided by blanks; * marks the default.
function plain(labels: string): Entry[] {
  return labels
    .split(' ')
    .map((label) => (label.endsWith('*') ? { label: label.slice(0, -1), is_default: true } : { label }))
}
