/** What is done, and is not after all, at one click. */
export const turning = {
  act: '办理',
  done: '办完',
  reopened: '取消办完',
  saidDone: (name: string) => `「${name}」已办完。`,
  saidReopened: (name: string) => `「${name}」改回未办。`,
  states: { open: '未办', done: '已办' },
}
