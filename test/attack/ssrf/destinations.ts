/** A way to write the host of a URL so that it leads inside. */
export interface Destination {
  /** No port is in it, and brackets are where a URL wants them. */
  readonly host: string
  /** For a name: what the resolver says. Undefined: it is an address. */
  readonly answers: readonly string[] | undefined
}

/** An address of the internet, where the stranger has servers; the namespace pretends to be the internet. */
export const strangersAddress = '93.184.216.34'

const literals = [
  // The pod itself.
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '127.0.0.1.',
  '2130706433',
  '0x7f000001',
  '0x7F.1',
  '0x7f.0.0.0x1',
  '017700000001',
  '0177.0.0.1',
  '00000177.1',
  '１２７.０.０.１',
  '127。0。0。1',
  '①②⑦.⓪.⓪.①',
  '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
  '%31%32%37.0.0.1',
  '0',
  '0x0',
  '0.0.0.0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:FFFF:7F00:0001]',
  '[::ffff:0.0.0.0]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::127.0.0.1]',
  '[64:ff9b:1:7f00:0:100::]',
  '[2002:7f00:1::]',
  '[2002:7f00:1::1]',
  '[2001:0:7f00:1::f7f7:f7f7]',
  '[2001:0:808:808::80ff:fffe]',
  '[::1%25lo]',
  '[fe80::1%25lo]',
  '[fe80::1]',
  // The cloud.
  '169.254.169.254',
  '169.254.170.2',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.16689662',
  '169.254.169.254.',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[::169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::]',
  '[fd00:ec2::254]',
  '[FD00:0EC2:0000::0254]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '168.63.129.16',
  // The API server, as the operator's ranges have it.
  '10.96.0.1',
  '10.96.1',
  '174063617',
  '0xa.0x60.0.1',
  '[::ffff:10.96.0.1]',
  '[64:ff9b::10.96.0.1]',
  '[2002:a60:1::]',
  '[fd00:10:96::1]',
] as const

const names: readonly (readonly [name: string, ...answers: readonly string[]])[] = [
  ['localhost.inside.example', '127.0.0.1'],
  ['both.inside.example', '127.0.0.1', '::1'],
  ['first.inside.example', '127.0.0.1', strangersAddress],
  ['nobody.inside.example', '0.0.0.0'],
  ['nobody6.inside.example', '::'],
  ['mapped.inside.example', '::ffff:127.0.0.1'],
  ['compatible.inside.example', '::127.0.0.1'],
  ['translated.inside.example', '64:ff9b::7f00:1'],
  ['sixtofour.inside.example', '2002:7f00:1::'],
  ['zone.inside.example', 'fe80::1%lo'],
  ['loopzone.inside.example', '::1%lo'],
  ['metadata.inside.example', '169.254.169.254'],
  ['metadata6.inside.example', 'fd00:ec2::254'],
  ['kubernetes.inside.example', '10.96.0.1'],
  ['KUBERNETES6.inside.example', 'fd00:10:96::1'],
  ['127.0.0.1.inside.example', '127.0.0.1'],
]

/** The ways: of writing an address, and names that stand for one. */
export const destinations: readonly Destination[] = [
  ...literals.map(host => ({ host, answers: undefined })),
  ...names.map(([host, ...answers]) => ({ host, answers })),
]

/** What a resolver says of a name that leads there; undefined where the text is no host at all. */
export const answersFor = ({ host, answers }: Destination): readonly string[] | undefined => {
  if (answers !== undefined) return answers
  const url = URL.parse(`http://${host}/`)
  return url === null ? undefined : [url.hostname.replace(/^\[|\]$/g, '')]
}
