import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHostsToml } from '../../../src/registry/hosts/hosts-toml.ts'
import { said } from './said.ts'

const documented = `
server = "https://test-default.registry"
ca = "/etc/path/default"
[header]
  x-custom-1 = "custom header"

[host."https://mirror.registry"]
  capabilities = ["pull"]
  ca = "/etc/certs/mirror.pem"
  skip_verify = false
  [host."https://mirror.registry".header]
    x-custom-2 = ["value1", "value2"]
[host."https://mirror-bak.registry/us"]
  capabilities = ["pull"]
  skip_verify = true
[host."http://mirror.registry"]
  capabilities = ["pull"]
[host."https://test-1.registry"]
  ca = ["/etc/certs/test-1-ca.pem", "/etc/certs/special.pem"]
  client = [["/etc/certs/client.cert", "/etc/certs/client.key"],["/etc/certs/client.pem", ""]]
[host."https://non-compliant-mirror.registry/v2/upstream"]
  capabilities = ["pull"]
  override_path = true
`

describe('a good hosts.toml says', () => {
  test.each<[why: string, text: string, expected: readonly string[]]>([
    [
      'all of what containerd documents',
      documented,
      [
        'https://mirror.registry/v2 pull ca=/etc/certs/mirror.pem tls x-custom-2:value1 x-custom-2:value2',
        'https://mirror-bak.registry/us/v2 pull unverified tls',
        'http://mirror.registry/v2 pull',
        'https://test-1.registry/v2 ca=/etc/certs/test-1-ca.pem ca=/etc/certs/special.pem client=/etc/certs/client.cert&/etc/certs/client.key client=/etc/certs/client.pem& tls',
        'https://non-compliant-mirror.registry/v2/upstream pull',
        'https://test-default.registry/v2 ca=/etc/path/default tls x-custom-1:custom header',
      ],
    ],
    ['nothing, when it is blank', '\n', ['upstream']],
    ['nothing, when it holds a comment alone', '# later', ['upstream']],
    ['that the server is the one named', 'server = "https://a.example"', ['https://a.example/v2']],
    ['https where no scheme is given', 'server = "a.example:5000"', ['https://a.example:5000/v2']],
    ['http where that is given', 'server = "http://a.example"', ['http://a.example/v2']],
    ['the upstream where the server is blank', 'server = ""', ['upstream']],
    ['its fields in any case, as go-toml reads them', 'SERVER = "a"\nCa = "x"', ['https://a/v2 ca=x tls']],
    ['the last of fields that differ by case alone', 'ca = "x"\nCA = "y"', ['upstream ca=y tls']],
    ['nothing by fields that it does not know', 'mirrors = 1\nbig = 9223372036854775807', ['upstream']],
    ['its hosts in the order of the file', '[host.b]\n[host.a]', ['https://b/v2', 'https://a/v2', 'upstream']],
    [
      'hosts that look like numbers in the order of the file too',
      '[host.b]\n[host.9]\n[host.1]',
      ['https://b/v2', 'https://9/v2', 'https://1/v2', 'upstream'],
    ],
    ['a host by a bare key', '[host.mirror]', ['https://mirror/v2', 'upstream']],
    ['a host by a literal key', "[host.'http://m:1']", ['http://m:1/v2', 'upstream']],
    ['a host with escapes in its key', '[host."\\u0061"]', ['https://a/v2', 'upstream']],
    ['a host with blanks around its dots', '[ host . "a" ]', ['https://a/v2', 'upstream']],
    ['a host whose key holds a bracket', '[host."[::1]:5000"]', ['https://[::1]:5000/v2', 'upstream']],
    ['a host by its header table alone', '[host.a.header]\nx = "1"', ['https://a/v2 x:1', 'upstream']],
    [
      'a host twice when another comes between its tables',
      '[host.a]\n[host.b]\n[host.a.header]\nx = "1"',
      ['https://a/v2 x:1', 'https://b/v2', 'https://a/v2 x:1', 'upstream'],
    ],
    ['nothing of a host without a header of its own', 'host."https://a".ca = "x"', ['upstream']],
    ['nothing of hosts in an inline table', 'host = { "https://a" = { ca = "x" } }', ['upstream']],
    ['nothing of hosts below a plain [host]', '[host]\n"https://a".ca = "x"', ['upstream']],
    ['nothing of hosts in another case', '[HOST.a]\nca = "x"', ['upstream']],
    ['nothing of a first host without a name', '[host.""]', ['upstream']],
    ['headers that stand in text to be no headers', 'x = """\n[host.a]\n"""\n[host.b]', ['https://b/v2', 'upstream']],
    [
      'headers that stand in lists to be no headers',
      'x = [\n[1],\n"#]" # ]\n]\n[host.b]',
      ['https://b/v2', 'upstream'],
    ],
    ['text that ends in quotes to be text', 'x = """a"""""\n[host.b]', ['https://b/v2', 'upstream']],
    ['literal text over lines to be text', "x = '''\n[host.a]\\'''\n[host.b]", ['https://b/v2', 'upstream']],
    ['an equals sign in a key to be of the key', '"a=[" = 1\n[host.b]', ['https://b/v2', 'upstream']],
    ['the same with the line ends of Windows', '[host.b]\r\nca = "x"\r\n', ['https://b/v2 ca=x tls', 'upstream']],
    [
      'hosts that are named like what every object has',
      '[host.__proto__]\n[host.constructor]',
      ['https://__proto__/v2', 'https://constructor/v2', 'upstream'],
    ],
    ['one capability', 'server = "a"\ncapabilities = ["pull"]', ['https://a/v2 pull']],
    ['capabilities in any case', 'capabilities = ["PULL", "Resolve"]', ['upstream pull+resolve']],
    ['all capabilities by an empty list', 'capabilities = []', ['upstream']],
    ['all capabilities by naming all', 'capabilities = ["pull", "resolve", "push", "referrers"]', ['upstream']],
    ['one CA', 'ca = "x.crt"', ['upstream ca=x.crt tls']],
    ['several CAs', 'ca = ["x.crt", "/y.crt"]', ['upstream ca=x.crt ca=/y.crt tls']],
    ['something of TLS by no CA', 'ca = []', ['upstream tls']],
    ['a certificate with its key', 'client = "x.pem"', ['upstream client=x.pem tls']],
    ['several of them', 'client = ["x.pem", "y.pem"]', ['upstream client=x.pem client=y.pem tls']],
    ['pairs and single files', 'client = [["c", "k"], "x"]', ['upstream client=c&k client=x tls']],
    ['a pair whose key is the directory, as the node takes it', 'client = [["c", ""]]', ['upstream client=c& tls']],
    ['nothing of TLS by no client certificate', 'client = []', ['upstream']],
    ['not to verify', 'skip_verify = true', ['upstream unverified tls']],
    ['to verify', 'skip_verify = false', ['upstream tls']],
    ['a header by a dotted key', 'header.x-a = "1"', ['upstream x-a:1']],
    ['headers in an inline table', 'header = { b = "1", a = ["2", "3"] }', ['upstream b:1 a:2 a:3']],
    ['no header by an empty list', 'header = { a = [] }', ['upstream']],
    ['a dial timeout', 'dial_timeout = "1m30.5s"', ['upstream 90500ms']],
    [
      'one in micro, by either sign',
      '[host.a]\ndial_timeout = "1500\u00b5s"\n[host.b]\ndial_timeout = "1500\u03bcs"',
      ['https://a/v2 1.5ms', 'https://b/v2 1.5ms', 'upstream'],
    ],
    ['one of nothing', 'dial_timeout = "0"', ['upstream 0ms']],
    ['one of less than nothing', 'dial_timeout = "-1s"', ['upstream -1000ms']],
    ['none by blank text', 'dial_timeout = ""', ['upstream']],
    ['the path with /v2', 'server = "http://a/us"', ['http://a/us/v2']],
    ['the path that ends in /v2 as it is', 'server = "http://a/us/v2/"', ['http://a/us/v2']],
    ['that /xv2 does not end in it', 'server = "http://a/xv2"', ['http://a/xv2/v2']],
    ['a cleaned path', 'server = "http://a/../b/./c//d/"', ['http://a/b/c/d/v2']],
    ['an unescaped path', 'server = "http://a/%41b"', ['http://a/Ab/v2']],
    ['the path as it is, when that is wanted', 'server = "http://a/us"\noverride_path = true', ['http://a/us']],
    ['no path, when that is wanted', 'server = "http://a"\noverride_path = true', ['http://a']],
    ['nothing of a query or a fragment', 'server = "http://a/b?c=%zz#d"', ['http://a/b/v2']],
    ['nothing of a user and a password', 'server = "http://u:p@a"', ['http://a/v2']],
    [
      'no host where a name that begins with http has no scheme',
      'server = "http-mirror.example"',
      ['://http-mirror.example/v2'],
    ],
    ['a host named ftp where that scheme is written', 'server = "ftp://x"', ['https://ftp:/x/v2']],
    ['a host named HTTP where the scheme is in capitals', 'server = "HTTP://Y"', ['https://HTTP:/Y/v2']],
    ['an IPv6 address', 'server = "http://[::1]:5000/x"', ['http://[::1]:5000/x/v2']],
    ['a TOML 1.1 text', 'a = { b = 1,\n c = "\\e\\x41", }\nserver = "a"', ['https://a/v2']],
  ])('%s', (_why, text, expected) => {
    const file = parseHostsToml(text)
    expect(file.ok ? said(file.value) : file.error).toEqual(expected)
  })
})

describe('a broken hosts.toml is complained of', () => {
  test.each<[why: string, text: string, line: number, column: number, what: string]>([
    ['where a value is missing', 'server =', 1, 9, 'invalid value'],
    ['where a text does not end', '\nserver = "a', 2, 10, 'unfinished string'],
    ['where a list does not end', 'ca = ["a"', 1, 10, 'expected comma or end of structure'],
    ['where a line holds two pairs', 'ca = "a" client = "b"', 1, 10, 'end-of-line'],
    ['where a key comes again', 'ca = "a"\nca = "b"', 2, 1, 'redefine'],
    ['where a host comes again', '[host.a]\nca = "x"\n  [host."a"]', 3, 4, 'redefine'],
    ['where a header does not end', '[host."a"', 1, 2, 'end of key'],
    ['where a byte order mark begins it', '\ufeffserver = "a"', 1, 1, 'byte order mark'],
    ['where a capability is unknown', '[host.a]\n\n  capabilities = ["pull", "fly"]', 3, 3, 'unknown capability "fly"'],
    ['where a capability is blank', 'capabilities = [""]', 1, 1, 'unknown capability ""'],
    ['where capabilities are one text', 'capabilities = "pull"', 1, 1, 'a list of texts'],
    ['where a capability is a number', 'capabilities = ["pull", 1]', 1, 1, 'a list of texts'],
    ['where capabilities are a table', '\n[capabilities]', 2, 1, 'a list of texts'],
    ['where the server is a number', '# x\nserver = 5', 2, 1, 'server must be text'],
    ['where the server is a date', 'server = 1979-05-27', 1, 1, 'server must be text'],
    ['where the server is a table', '[server]', 1, 1, 'server must be text'],
    ['where a CA is a number', '[host.a]\nca = 1', 2, 1, 'ca must be'],
    ['where one of the CAs is', 'ca = ["a", 1]', 1, 1, 'ca must be'],
    ['where a CA is a table', '[host.a]\n[host.a.ca]\nx = 1', 2, 1, 'ca must be'],
    ['where a client certificate is a table', 'client = {}', 1, 1, 'client must be'],
    ['where a pair has one part', 'client = [["a"]]', 1, 1, 'client must be'],
    ['where a pair has three', 'client = [["a", "b", "c"]]', 1, 1, 'client must be'],
    ['where a pair holds a number', 'client = [["a", 1]]', 1, 1, 'client must be'],
    [
      'where skip_verify is text',
      '[host."https://a"]\n  skip_verify = "true"',
      2,
      3,
      'skip_verify must be true or false',
    ],
    ['where override_path is a number', 'override_path = 0', 1, 1, 'override_path must be true or false'],
    ['where a header is text', 'header = "x"', 1, 1, 'header must be a table'],
    ['where headers are a list of tables', '[[header]]\na = "x"', 1, 1, 'header must be a table'],
    ['where the value of a header is a number', '[host.a.header]\nx = "1"\ny = 2', 3, 1, 'header "y" must be text'],
    ['where one of its values is', 'header = { a = ["x", 1] }', 1, 1, 'header "a" must be text'],
    ['where a header is a date', 'header.a = 1979-05-27', 1, 1, 'header "a" must be text'],
    ['where a timeout is a number', 'dial_timeout = 5', 1, 1, 'dial_timeout must be text'],
    ['where a timeout has no unit', 'server = "a"\ndial_timeout = "5"', 2, 1, 'not a duration'],
    ['where a timeout has an unknown unit', 'dial_timeout = "1d"', 1, 1, 'not a duration'],
    ['where a timeout holds a blank', 'dial_timeout = "1s 2s"', 1, 1, 'not a duration'],
    ['where a timeout is a dot', 'dial_timeout = "."', 1, 1, 'not a duration'],
    ['where a timeout is longer than Go counts', 'dial_timeout = "2562048h"', 1, 1, 'not a duration'],
    ['where hosts are text', 'host = "x"', 1, 1, 'host must be a table'],
    ['where a host is a number', '[host]\na = 1', 2, 1, 'a host must be a table'],
    ['where hosts are a list of tables', '[[host.x]]', 1, 1, 'a host must be a table'],
    ['where a host that is not seen has a wrong type', 'host = { a = { capabilities = 1 } }', 1, 1, 'a list of texts'],
    ['where a host is no URL', '[host.a]\n[host."http://b:c"]', 2, 1, 'invalid port'],
    ['where a host has a blank in it', 'server = "http://a b/"', 1, 1, 'invalid character in host name'],
    ['where a host has an escaped blank in it', 'server = "http://a%20b/"', 1, 1, 'invalid escape in host'],
    ['where an IPv6 address has no brackets', 'server = "http://::1/"', 1, 1, 'invalid port'],
    ['where a bracket is open', 'server = "http://[::1"', 1, 1, "missing ']'"],
    ['where brackets hold no address', 'server = "http://[zz]:5"', 1, 1, 'invalid IP address'],
    ['where an escape in a path is none', 'server = "http://a/%zz"', 1, 1, 'invalid escape in path'],
    ['where a URL holds a tab', 'server = "a/b\\tc"', 1, 1, 'control character'],
    ['where a colon follows what is no scheme', 'server = "http_x:a"', 1, 1, 'no scheme'],
  ])('%s', (_why, text, line, column, what) => {
    const file = parseHostsToml(text)
    expect(file).toMatchObject({ ok: false, error: { line, column, what: expect.stringContaining(what) } })
  })

  test('without telling the password of a URL', () => {
    const file = parseHostsToml('server = "http://user:hunter2@a b"')
    expect(file.ok).toBe(false)
    expect(JSON.stringify(file)).not.toContain('hunter2')
  })
})

const pieces = [
  ...'[]{}=,."\'#\\\n\r\t :@%-1',
  ...'"""|\'\'\'|[host."https://a"]\n|[host.b.header]\n|[[host.c]]\n|server = "|ca = ["x"]\n|client = [["c","k"]]\n'.split(
    '|',
  ),
  ...'skip_verify = true\n|dial_timeout = "3s"\n|capabilities = ["pull"]\n|header = {a="b"}\n|http://a:1/v2|[::1]|%41|%zz'.split(
    '|',
  ),
  ...'\u0000|\ud800|\ufeff|\u2028|1979-05-27|0x1f|inf|true|__proto__|9007199254740993'.split('|'),
]

describe('a text of any kind', () => {
  test('is read or complained of at a place within it, and nothing throws', { timeout: 60_000 }, () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map(parts => parts.join(''))
    const check = (given: string): void => {
      const file = parseHostsToml(given)
      if (file.ok) return
      const { line, column } = file.error
      expect(given.split('\n')[line - 1]?.length).toBeGreaterThanOrEqual(column - 1)
    }
    fc.assert(fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), check), { numRuns: 20_000 })
  })

  test('may name very many hosts', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `[host.h${index}]\nca = "x"\n`)
    const file = parseHostsToml(lines.join(''))
    expect(file.ok && file.value.hosts.length).toBe(20_000)
  })

  test.each([
    ['brackets', '['.repeat(500_000)],
    ['nested lists', `a = ${'['.repeat(500_000)}`],
    ['a key of many names', `${'a.'.repeat(200_000)}a = 1`],
    ['one long text', `a = """${'\\"'.repeat(400_000)}"""`],
  ])('may be %s without end', (_what, text) => {
    expect(() => parseHostsToml(text)).not.toThrow()
  })
})
