import type { Sheet } from '../../src/report/sheet.ts'
import { found, fromFile, judged } from './entries.ts'
import { sheet } from './sheets.ts'

/** Names as somebody writes them who wants to break a report, or what reads it. */
export const hostileNames = [
  '\u0000\u0001\u0007\u001b[31mred\u001b[0m\u009b2J',
  'two\nlines\r\nand\u2028more\u0085',
  ']]><boom/>',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '&amp;&#60;&quot;',
  '| a | b |\\|',
  '`code` ``` ~~~ ',
  '[link](javascript:alert(1)) ![x](http://x.example/y)',
  'http://x.example/ www.x.example @somebody #1 <!-- --> **bold**',
  '::error file=x::owned',
  '##[error]owned ##vso[task.complete]',
  'a%0A::error::owned%25,b:c',
  '\ufffe\uffff\ud800 \u202egnp.exe',
  '../../etc/passwd',
  '__proto__',
  'x'.repeat(5000),
  '😀'.repeat(400),
  '',
] as const

/** A sheet in which the name stands wherever a stranger writes one. */
export const hostileSheet = (name: string): Sheet =>
  sheet(
    [
      fromFile(name, 1, { apiVersion: name, kind: name, namespace: name, name }, [
        judged(name, [{ ...found.notFound, host: name, near: [name] }], { path: name }),
        judged(`registry.example/${name}:1`, [{ ...found.missingSecret, secret: name }], { path: name }),
        judged(name, [], { path: `${name} again` }),
      ]),
    ],
    {},
    [`folder ${name}: forbidden`],
  )
