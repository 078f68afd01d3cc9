/** What the page does when it is looked at: it filters, and counts what is left. Everything stands in the page without it too. */
export const script = `
'use strict'
const form = document.querySelector('.filters')
const rows = [...document.querySelectorAll('.findings > li')]
const sections = [...document.querySelectorAll('.code')]
const bars = [...document.querySelectorAll('.bar')]
const nothing = document.querySelector('.nothing')
const told = form.querySelector('output')
const names = ['code', 'registry', 'namespace', 'action']
const texts = new Map()
const textOf = row => {
  if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase())
  return texts.get(row)
}
const matches = (row, words) =>
  names.every(name => form.elements[name].value === '' || form.elements[name].value === row.dataset[name]) &&
  words.every(word => textOf(row).includes(word))
const filter = () => {
  const words = form.elements.text.value.toLowerCase().split(/\\s+/).filter(word => word !== '')
  let count = 0
  for (const row of rows) {
    row.hidden = !matches(row, words)
    if (!row.hidden) count += 1
  }
  for (const section of sections) {
    const left = section.querySelectorAll('.findings > li:not([hidden])').length
    section.hidden = left === 0
    section.querySelector('.count').textContent = String(left)
  }
  for (const bar of bars) bar.setAttribute('aria-pressed', String(form.elements[bar.dataset.name].value === bar.dataset.value))
  nothing.hidden = count > 0
  told.textContent = count === rows.length ? 'All ' + count + ' findings' : count + ' of ' + rows.length + ' findings'
}
for (const bar of bars) {
  bar.disabled = false
  bar.addEventListener('click', () => {
    const field = form.elements[bar.dataset.name]
    field.value = field.value === bar.dataset.value ? '' : bar.dataset.value
    filter()
  })
}
const openNamed = () => {
  const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1))
  if (named && named.tagName === 'DETAILS') named.open = true
}
form.addEventListener('input', filter)
form.addEventListener('submit', event => event.preventDefault())
form.addEventListener('reset', () => setTimeout(filter))
window.addEventListener('hashchange', openNamed)
document.addEventListener('click', event => { if (event.target.closest('a[href^="#"]')) setTimeout(openNamed) })
form.hidden = rows.length === 0
openNamed()
filter()
`
