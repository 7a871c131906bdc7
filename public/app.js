// What this file adds, every page also does without it: copying, remarks on what is typed, guards against
// double submission and against leaving what was typed behind, Enter that leads to the next field, four keys.
const root = document.documentElement
root.classList.add('has-script')

const find = (selector) => document.querySelector(`main ${selector}`) ?? document.querySelector(selector)
// A word that is being composed takes Enter and Esc itself; some browsers say so by 229 alone.
const isComposing = (event) => event.isComposing || event.keyCode === 229
const isTyping = (element) => element.matches('input, select, textarea, [contenteditable]')

// navigator.clipboard is missing on plain http, which is how an intranet often runs.
async function copy(button) {
  if (navigator.clipboard) await navigator.clipboard.writeText(button.dataset.copy)
  else {
    const selection = getSelection()
    selection.selectAllChildren(button.previousElementSibling)
    document.execCommand('copy')
    selection.removeAllRanges()
  }
  button.textContent = button.dataset.done
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]')
  if (button) copy(button)
  if (event.target.closest('[data-print]')) print()
})

// What the rule of a field says of what is typed, beside it: the field itself is left alone, so that nobody loses focus or a
// word that is being composed. Without script it is said when the form is saved.
const pauses = new WeakMap()
async function remark(field) {
  const { value } = field
  const body = new URLSearchParams({ rule: field.dataset.rule, value })
  const answer = await fetch('/field-remarks', { method: 'POST', headers: { 'hx-request': 'true' }, body }).catch(
    () => null,
  )
  if (!answer?.ok || field.value !== value) return
  const { level, sentence } = await answer.json()
  const place = document.getElementById(`${field.id}-remark`)
  place.textContent = sentence
  place.className = `remark tone-${level === 'error' ? 'red' : 'amber'}`
  field.toggleAttribute('aria-invalid', level === 'error')
  document.getElementById(`${field.id}-error`)?.toggleAttribute('hidden', true)
}
for (const name of ['input', 'change', 'compositionend'])
  document.addEventListener(name, ({ target, isComposing }) => {
    if (!target.matches?.('[data-rule]') || isComposing) return
    clearTimeout(pauses.get(target))
    pauses.set(
      target,
      setTimeout(() => remark(target), name === 'input' ? 400 : 0),
    )
  })

// The button is disabled only after the browser has read the form, or its own name and value would be lost.
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.getAttribute('method') !== 'post' || event.defaultPrevented) return
  if (form.dataset.isSent) return event.preventDefault()
  form.dataset.isSent = 'true'
  setTimeout(() => {
    for (const button of form.querySelectorAll('button:not([type=button])')) button.disabled = true
  })
})

addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-is-sent]')) {
    delete form.dataset.isSent
    for (const button of form.querySelectorAll('button')) button.disabled = false
  }
})

// A form one fills in, as the pages have it; beside them stand forms that only tick or press.
const filled = 'main form[method=post]:has(> .submit)'
const typedIn = `:is(${filled}, .fact-form) :is(input, select, textarea), main form[method=post] :is(input[type=text], textarea)`

function isChanged(field) {
  if (field.matches('[type=checkbox], [type=radio]')) return field.checked !== field.defaultChecked
  if (!field.options) return field.value !== field.defaultValue
  const preset = [...field.options].findIndex((option) => option.defaultSelected)
  return field.selectedIndex !== Math.max(preset, 0)
}

/** Something was typed that is not saved; to leave the page would leave it behind. */
const isUnsaved = () =>
  Boolean(document.querySelector('main form[data-typed], .fact-form .error')) ||
  [...document.querySelectorAll(typedIn)].some(isChanged)

// Whoever leaves by a link, a key or Back is asked once, by the browser.
addEventListener('beforeunload', (event) => {
  if (!document.querySelector('form[data-is-sent]') && isUnsaved()) event.preventDefault()
})

// What is typed is kept for an hour by where its form was opened, and offered there (views/shared/_form.eta); given up, it is forgotten.
let keeping
let isGivenUp = false
const keptForm = () => document.querySelector('main form[data-kept]')

function keep(form, fields, keepalive = false) {
  clearTimeout(keeping)
  const body = new URLSearchParams(fields)
  body.set('form_at', form.elements.form_at.value)
  return fetch('/form-drafts', { method: 'POST', headers: { 'hx-request': 'true' }, body, keepalive }).catch(() => null)
}
const typedInto = (form) => {
  const secret = new Set([...form.querySelectorAll('[type=password]')].map(({ name }) => name))
  return [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !secret.has(name))
}
for (const name of ['input', 'change'])
  document.addEventListener(name, ({ target }) => {
    const form = target.form
    if (!form?.matches('[data-kept]')) return
    isGivenUp = false
    clearTimeout(keeping)
    keeping = setTimeout(() => !form.dataset.isSent && keep(form, isUnsaved() ? typedInto(form) : []), 1000)
  })
document.addEventListener('click', ({ target }) => {
  const form = target.closest('.submit [data-key=Escape]')?.closest('form')
  if (!form?.elements.form_at) return
  isGivenUp = true
  keep(form, [], true)
})
addEventListener('pagehide', () => {
  const form = keptForm()
  if (form && !form.dataset.isSent && !isGivenUp && isUnsaved()) keep(form, typedInto(form), true)
})

/** Brings back what was typed. What depends on other fields, and rows that are not there, only the program can show. */
function restore(form, fields) {
  const renewing = form.querySelector('[name=refresh], [name=more]')
  const said = fields.filter(([name]) => name !== renewing?.name)
  if (renewing) {
    const sent = document.createElement('form')
    const own = ['form_at', 'form_id'].map((name) => [name, form.elements[name]?.value])
    for (const [name, value] of [...said, ...own, [renewing.name, renewing.value]])
      if (value !== undefined)
        sent.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
    Object.assign(sent, { method: 'post', action: form.getAttribute('action') }).hidden = true
    form.dataset.isSent = 'true'
    document.body.append(sent)
    return sent.submit()
  }
  for (const field of form.elements) {
    const values = said.filter(([name]) => name === field.name).map(([, value]) => value)
    if (field.matches('[type=checkbox], [type=radio]')) field.checked = values.includes(field.value)
    else if (values.length > 0) field.value = values[0]
    if (field.checkVisibility?.() === false) field.closest('details')?.setAttribute('open', '')
  }
  form.querySelector('[autofocus]')?.focus()
}
document.addEventListener('click', ({ target }) => {
  const offer = target.closest('button') && target.closest('[data-draft]')
  const form = offer && keptForm()
  if (!form) return
  if (target.closest('[data-restore]')) restore(form, JSON.parse(offer.dataset.draft))
  else keep(form, [])
  offer.remove()
})

/** The field behind one, as Tab would find it, but the choices of one name are one field; at last the button that saves. */
function fieldBehind(field, form) {
  const stops = [...form.elements].filter(
    (one) =>
      one === field ||
      (one.matches('input, select, textarea, .submit > .primary') && one.tabIndex >= 0 && one.checkVisibility()),
  )
  return stops.slice(stops.indexOf(field) + 1).find(({ name, type }) => type === 'submit' || name !== field.name)
}

document.addEventListener('keydown', (event) => {
  const { target: field, key, ctrlKey, metaKey } = event
  const form = field.form
  if (key !== 'Enter' || isComposing(event) || event.defaultPrevented) return
  if (!form?.matches(filled) || (field.matches('textarea') && !ctrlKey && !metaKey)) return
  if (ctrlKey || metaKey) form.requestSubmit(form.querySelector('.submit > .primary'))
  else if (field.matches('input:not([type=file]), select') && document.body.dataset.enter !== 'save') {
    const next = fieldBehind(field, form)
    next?.focus()
    if (next?.matches('input')) next.select()
  } else if (!event.repeat) return
  event.preventDefault()
})

document.addEventListener('keydown', (event) => {
  if (isComposing(event) || event.ctrlKey || event.altKey || event.metaKey) return
  if (!['/', 'n', 'Escape', 'F1'].includes(event.key)) return
  if (isTyping(event.target) && event.key !== 'F1') {
    if (event.key !== 'Escape') return
    // Escape first leaves the field where something was typed, and at once where there is nothing to lose.
    if (isUnsaved() || !event.target.form?.matches(`${filled}, .fact-form`)) return event.target.blur()
  }
  const part = event.key === 'F1' && event.target.closest('[data-help]')
  if (part) {
    event.preventDefault()
    return open(part.dataset.help, '_blank', 'noopener')
  }
  const key = `[data-key="${event.key}"]`
  const target = find(`.fact-form ${key}`) ?? find(key)
  if (!target || (event.key === 'n' && isUnsaved())) return
  event.preventDefault()
  if (isTyping(target)) target.select()
  else target.click()
})

// A field that points at another record: what is found while one types (views/shared/_link.eta) is walked with the arrows and
// taken with Enter or a click. What the hidden field says counts as long as the text stays; without script the text decides.
const optionsOf = (field) => [
  ...document.getElementById(field.getAttribute('aria-controls')).querySelectorAll('[role=option]'),
]

function closeMatches(field) {
  document.getElementById(field.getAttribute('aria-controls')).replaceChildren()
  field.setAttribute('aria-expanded', 'false')
  field.removeAttribute('aria-activedescendant')
}

function pick(field, option) {
  // Below the box on top a record is gone to.
  if (option.dataset.href) return location.assign(option.dataset.href)
  if (option.hasAttribute('data-here')) return field.form.requestSubmit()
  field.value = option.dataset.name
  const kept = field.parentElement.querySelector(`[name="${field.name}_pick"]`)
  const said = Object.assign(document.createElement('input'), { type: 'hidden', name: kept.name })
  said.value = option.dataset.pick
  kept.replaceWith(said)
  closeMatches(field)
  field.focus()
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

function markOption(field, options, at) {
  for (const [index, option] of options.entries()) option.setAttribute('aria-selected', String(index === at))
  options[at].scrollIntoView({ block: 'nearest' })
  field.setAttribute('aria-activedescendant', options[at].id)
}

document.addEventListener(
  'keydown',
  (event) => {
    const field = event.target
    if (isComposing(event) || !field.matches?.('[data-look-up] > [role=combobox]')) return
    const options = optionsOf(field)
    const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true')
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && options.length) markOption(field, options, (at + step + options.length) % options.length)
    else if (event.key === 'Enter' && options[at]) pick(field, options[at])
    else if (event.key === 'Escape' && options.length) closeMatches(field)
    else return event.key === 'Tab' && closeMatches(field)
    event.preventDefault()
    event.stopImmediatePropagation()
  },
  true,
)

document.addEventListener('mousedown', (event) => {
  const option = event.target.closest('[data-look-up] [role=option]')
  if (!option) return
  event.preventDefault()
  pick(option.closest('[data-look-up]').querySelector('[role=combobox]'), option)
})

// Nobody is chosen any more; the browser says so only on leaving, and not where the field was empty on coming.
document.addEventListener('input', ({ target }) => {
  if (target.matches?.('[data-look-up] > [role=combobox]') && target.value === '')
    target.dispatchEvent(new Event('change', { bubbles: true }))
})

// The box on top asks its list when it is sent, and again when it is emptied; what is proposed later comes too late.
const isBox = (field) => field?.matches?.('#search[form]')
document.addEventListener('input', ({ target }) => {
  if (!isBox(target)) return
  delete target.dataset.sent
  if (target.value === '') target.form.requestSubmit()
})
document.addEventListener('submit', ({ target }) => {
  const field = target.elements.q
  if (!isBox(field)) return
  field.dataset.sent = 'true'
  closeMatches(field)
})

document.addEventListener('focusout', ({ target }) => {
  if (target.matches?.('[data-look-up] > [role=combobox]')) closeMatches(target)
})

document.addEventListener('htmx:after:swap', ({ detail }) => {
  const box = detail?.ctx?.target
  const field = box?.matches?.('.matches') && box.parentElement.querySelector('[role=combobox]')
  if (!field) return
  if (field !== document.activeElement || !field.value || field.dataset.sent) closeMatches(field)
  else field.setAttribute('aria-expanded', String(optionsOf(field).length > 0))
})

// A click on a fact of a card opens it, unless it leads elsewhere or marks its text; afterwards its pencil has the focus again, as a tab has.
let opened
document.addEventListener('click', ({ target }) => {
  const tab = target.closest('.tabs a')
  if (tab) opened = tab.id
  const pencil = target.closest('.pencil') ?? target.closest('.fact')?.querySelector('.pencil')
  if (!pencil || (target.closest('a, button, form') ?? pencil) !== pencil || !getSelection().isCollapsed) return
  opened = pencil.id
  if (!target.closest('.pencil')) pencil.click()
})
document.addEventListener('htmx:after:swap', () => {
  const one = opened && document.getElementById(opened)
  if (!one) return
  one.focus({ preventScroll: true })
  opened = undefined
})
// Arrows walk between the tabs of a card.
document.addEventListener('keydown', ({ key, target }) => {
  const step = { ArrowRight: 'nextElementSibling', ArrowLeft: 'previousElementSibling' }[key]
  if (step && target.matches('.tabs a')) target[step]?.focus()
})
