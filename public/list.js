// Rows of a list: ticks that stay over pages, a range with Shift, a click on a row; its columns: their places and widths.
// Without this file one ticks, opens and chooses all the same.

// What is ticked of a list, on all its pages, as long as the window is open.
const ticksOf = ({ dataset }) => `ticks ${dataset.ticks}`
const ticked = (form) => new Set(JSON.parse(sessionStorage.getItem(ticksOf(form)) ?? '[]'))
const keep = (form, ids) =>
  ids.size ? sessionStorage.setItem(ticksOf(form), JSON.stringify([...ids])) : sessionStorage.removeItem(ticksOf(form))
const boxesOf = (form) => [...form.querySelectorAll('tbody [name=ids]')]

function showTicks(form) {
  const ids = ticked(form)
  const boxes = boxesOf(form)
  for (const box of boxes) box.checked = ids.has(box.value)
  const all = form.querySelector('[data-check-all]')
  all.checked = boxes.length > 0 && boxes.every(({ checked }) => checked)
  all.indeterminate = !all.checked && boxes.some(({ checked }) => checked)
  form.querySelector('[data-ticked]').textContent = ids.size
  form.classList.toggle('has-ticks', ids.size > 0)
}

function tick(form, boxes, isTicked) {
  const ids = ticked(form)
  for (const { value } of boxes) isTicked ? ids.add(value) : ids.delete(value)
  keep(form, ids)
  showTicks(form)
}

// What was done to them is done: who comes back from there begins anew.
function begin() {
  const isDone = document.referrer.includes('/selections/') && document.querySelector('#flash .flash')
  for (const form of document.querySelectorAll('form[data-ticks]')) {
    if (isDone) keep(form, new Set())
    showTicks(form)
  }
  for (const head of document.querySelectorAll('[data-columns] th[data-name]')) head.draggable = true
}
begin()
addEventListener('pageshow', (event) => event.persisted && begin())
document.addEventListener('htmx:after:swap', ({ detail }) => {
  if (detail?.ctx?.target?.id !== 'list') return
  begin()
  const other = document.querySelector('#filters [name=add_field]')
  if (other) other.value = ''
})

let last
document.addEventListener('click', (event) => {
  const { target } = event
  if (target.matches('[data-untick]')) {
    keep(target.form, new Set())
    return showTicks(target.form)
  }
  const form = target.closest('form[data-ticks]')
  if (form && target.matches('tbody [name=ids]')) {
    const boxes = boxesOf(form)
    const [from, to] = [boxes.indexOf(event.shiftKey && last ? last : target), boxes.indexOf(target)].sort(
      (a, b) => a - b,
    )
    tick(form, boxes.slice(Math.max(0, from), to + 1), target.checked)
    last = target
  } else if (form && target.matches('[data-check-all]')) tick(form, boxesOf(form), target.checked)
  else openRow(event)
})

/** A click anywhere on a row is one on its link; not on what is to be clicked itself, nor at the end of marking text. */
function openRow({ target }) {
  const row = target.closest('.table tbody tr')
  if (!row || target.closest('a, button, input, label, select') || !getSelection().isCollapsed) return
  if (target.closest('.check')) row.querySelector('[name=ids]')?.click()
  else row.querySelector('td:not(.check) a')?.click()
}

// Those of other pages go along.
document.addEventListener('formdata', ({ target, formData }) => {
  if (!target.dataset.ticks) return
  for (const id of ticked(target)) if (!target.querySelector(`[name=ids][value="${id}"]`)) formData.append('ids', id)
})

// Columns are drawn to their places by their heads, and as wide as they suit by the right edges of these.
const namesOf = (table) => [...table.querySelectorAll('th[data-name]')].map(({ dataset }) => dataset.name)
const widthsOf = (table) =>
  [...table.querySelectorAll('th[data-name]')].map((head) => `${head.dataset.name}:${Math.round(head.offsetWidth)}`)

async function arrange(table, columns, widths) {
  const body = new URLSearchParams({ list: table.dataset.columns, columns, widths })
  const answer = await fetch('/list-preferences/columns', { method: 'POST', body, redirect: 'manual' }).catch(
    () => null,
  )
  if (!answer) return
  // What the address says of columns would still hold.
  const address = new URL(location.href)
  address.searchParams.delete('columns')
  location.replace(address)
}

let dragged
document.addEventListener('dragstart', (event) => {
  const head = event.target.closest?.('[data-columns] th[data-name]')
  dragged = head && !sized ? head : undefined
  if (head && sized) event.preventDefault()
  else if (head) event.dataTransfer.setData('text/plain', head.dataset.name)
})
const headUnder = ({ target }) => {
  const head = dragged && target.closest?.('th[data-name]')
  return head && head !== dragged && head.closest('table') === dragged.closest('table') ? head : undefined
}
document.addEventListener('dragover', (event) => headUnder(event) && event.preventDefault())
document.addEventListener('dragend', () => {
  dragged = undefined
})
document.addEventListener('drop', (event) => {
  const head = headUnder(event)
  if (!head) return
  event.preventDefault()
  const table = head.closest('table')
  const names = namesOf(table)
  const [from, to] = [names.indexOf(dragged.dataset.name), names.indexOf(head.dataset.name)]
  names.splice(to, 0, ...names.splice(from, 1))
  arrange(table, names.join(), table.matches('.sized') ? widthsOf(table).join() : '')
})

let sized
const edge = 7
const isAtEdge = (head, { clientX }) => head.getBoundingClientRect().right - clientX < edge
document.addEventListener('pointermove', (event) => {
  if (sized) {
    sized.head.style.width = `${Math.max(40, sized.width + event.clientX - sized.from)}px`
    return
  }
  const head = event.target.closest?.('[data-columns] th[data-name]')
  if (head) head.classList.toggle('at-edge', isAtEdge(head, event))
})
document.addEventListener('pointerdown', (event) => {
  const head = event.target.closest?.('[data-columns] th[data-name]')
  if (!head || event.button !== 0 || !isAtEdge(head, event)) return
  event.preventDefault()
  const table = head.closest('table')
  const heads = [...table.querySelectorAll('thead :is(th, td)')]
  for (const [at, width] of heads.map(({ offsetWidth }) => offsetWidth).entries()) heads[at].style.width = `${width}px`
  table.querySelector('colgroup')?.remove()
  table.classList.add('sized')
  sized = { head, table, from: event.clientX, width: head.offsetWidth }
  head.setPointerCapture(event.pointerId)
})
document.addEventListener('pointercancel', () => sized && location.reload())
document.addEventListener('pointerup', () => {
  if (!sized) return
  const { table } = sized
  sized = undefined
  addEventListener('click', (event) => event.preventDefault(), { capture: true, once: true })
  arrange(table, namesOf(table).join(), widthsOf(table).join())
})
