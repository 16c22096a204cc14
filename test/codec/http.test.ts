import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeHead,
  decodePath,
  decodeResponse,
  encodePath,
  encodeResponse,
  HEAD_LIMIT,
  type HttpFault,
  splitTarget,
  statusOf,
} from '../../src/codec/http.ts'
import { encodeJson } from '../../src/codec/json.ts'
import type { Kind } from '../../src/core/errors.ts'

const LIMIT = 512
const plain = { method: 'GET', target: '/load1', simple: false, json: false }

for (const [name, bytes, expected] of [
  ['HTTP/1.0', 'GET /load1 HTTP/1.0\r\n\r\n', plain],
  ['HTTP/1.1 without Host, as the seed writes it', 'GET /load1 HTTP/1.1\r\n\r\n', plain],
  ['line feeds alone', 'GET /load1 HTTP/1.1\n\n', plain],
  ['empty lines before it', '\r\n\nGET /load1 HTTP/1.1\r\n\r\n', plain],
  ['what follows the head', 'GET /load1 HTTP/1.1\r\n\r\nGET /load5 HTTP/1.1\r\n\r\n', plain],
  ['HTTP/0.9', 'GET /load1\r\n', { ...plain, simple: true }],
  ['a blank in the target', 'GET /a b HTTP/1.0\n\n', { ...plain, target: '/a b' }],
  [
    'Accept',
    'HEAD /load1 HTTP/1.1\r\nHost: x\r\naccept: text/html, application/json\r\n\r\n',
    { ...plain, method: 'HEAD', json: true },
  ],
  [
    'what a browser calls the host',
    'GET /load1 HTTP/1.1\r\nHost: web1:8080\r\nUser-Agent: Mozilla/5.0\r\n\r\n',
    { ...plain, browsed: 'web1' },
  ],
  [
    'a browser and an IPv6 address',
    'GET /load1 HTTP/1.1\r\nuser-agent: Mozilla/5.0\r\nhost: [::1]:8080\r\n\r\n',
    { ...plain, browsed: '[::1]' },
  ],
  [
    'a page that says it is no browser',
    'GET /load1 HTTP/1.1\r\nHost: evil.example\r\nUser-Agent: x\r\nAccept-Language: en\r\n\r\n',
    { ...plain, browsed: 'evil.example' },
  ],
  ['Accept in a body', 'GET /load1 HTTP/1.1\r\n\r\nAccept: application/json\r\n\r\n', plain],
] as const)
  test(`decodeHead() ${name}`, () => assert.deepEqual(decodeHead(bytes, LIMIT), expected))

for (const [name, bytes, status] of [
  ['a long line', `GET /${'x'.repeat(LIMIT)}`, 414],
  ['a long line that is whole', `GET /${'x'.repeat(LIMIT)} HTTP/1.0\r\n\r\n`, 414],
  ['a long head', `GET / HTTP/1.0\r\n${'a: b\r\n'.repeat(HEAD_LIMIT / 6)}`, 431],
  ['no method', '/load1 HTTP/1.0\r\n\r\n', 400],
  ['a key alone', 'load1\n', 400],
  ['small letters', 'get / HTTP/1.0\r\n\r\n', 400],
  ['empty lines without end', '\n'.repeat(LIMIT + 1), 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\n', 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
] as const)
  test(`decodeHead() ${name}: ${status}`, () => {
    assert.equal((decodeHead(bytes, LIMIT) as HttpFault).status, status)
  })

test('decodeHead() says nothing while the head is not whole, and the same byte by byte', () => {
  const bytes = 'GET /load1 HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n'
  for (let i = 0; i < bytes.length - 1; i++)
    assert.equal(decodeHead(bytes.slice(0, i), LIMIT), undefined, `${i} bytes`)
  assert.deepEqual(decodeHead(bytes, LIMIT), { ...plain, json: true })
})

for (const [name, line, times] of [
  ['blanks and a CR', `GET ${' '.repeat(2_000)}\rx HTTP/1.0\n\n`, 1],
  ['blanks in the target, byte by byte', `GET /${' '.repeat(2_000)}x HTTP/1.0\nA: `, 2_000],
] as const)
  test(`decodeHead() ${name}: no line holds everybody up`, () => {
    // Seconds where the time grows with a power of the length.
    const start = performance.now()
    for (let i = 0; i < times; i++) decodeHead(line, 2_048)
    assert.ok(performance.now() - start < 1_000)
  })

test('decodeHead() at the end of input: a whole request line is enough', () => {
  assert.deepEqual(decodeHead('GET /load1 HTTP/1.0\nHost: x', LIMIT, true), plain)
  assert.equal((decodeHead('GET /load1 HTTP/1.0', LIMIT, true) as HttpFault).status, 400)
})

test('decodeHead() never throws, and is never undecided at the end of input', () => {
  const part = fc.constantFrom('GET ', '/', 'x', ' HTTP/1.1', '\r\n', '\n', ':', '\0', '\xff', '%')
  const bytes = fc.oneof(
    fc.array(part, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array).toString('latin1')),
  )
  fc.assert(
    fc.property(bytes, (text) => {
      decodeHead(text, LIMIT)
      assert.notEqual(decodeHead(text, LIMIT, true), undefined)
    }),
  )
})

for (const [target, expected] of [
  ['/load1', { path: '/load1', query: '' }],
  ['/', { path: '/', query: '' }],
  ['/load1?x=/y', { path: '/load1', query: 'x=/y' }],
  ['http://host:8888/load1', { path: '/load1', query: '' }],
  ['HTTPS://host', { path: '/', query: '' }],
  ['//etc/motd', { path: '//etc/motd', query: '' }],
  ['*', undefined],
  ['host:443', undefined],
  ['load1', undefined],
] as const)
  test(`splitTarget() ${target}`, () => assert.deepEqual(splitTarget(target), expected))

for (const [path, expected] of [
  ['/load1', [{ key: 'load1' }]],
  ['/diskusage/home', [{ key: 'diskusage/home' }]],
  ['/diskusage/%C3%A4%25', [{ key: 'diskusage/\xc3\xa4%' }]],
  ['/diskusage/\xc3\xa4', [{ key: 'diskusage/\xc3\xa4' }]],
  ['/load1%0aload5', [{ key: 'load1' }, { key: 'load5' }]],
  ['/load1%', [{ key: '', fault: 'a bad escape in the path' }]],
  ['/load1%0g', [{ key: '', fault: 'a bad escape in the path' }]],
  ['/a%00b', [{ key: 'a?b', fault: 'control character in the key' }]],
  ['/%ff', [{ key: '?', fault: 'the key is not UTF-8' }]],
  ['/', [{ key: '', fault: 'empty key' }]],
  [`/${'x'.repeat(512)}`, [{ key: '', fault: 'over 512 bytes' }]],
  ['/x%0A9223372036854775807%0A', [{ key: '', fault: 'this is a reply' }]],
] as const)
  test(`decodePath() ${path.slice(0, 40)}`, () => assert.deepEqual(decodePath(path), expected))

test('decodePath() undoes encodePath(), for any bytes', () => {
  const key = fc
    .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: 200 })
    .map((array) => Buffer.from(array).toString('latin1'))
  fc.assert(
    fc.property(key, (text) => {
      assert.match(encodePath(text), /^\/[\x21-\x7e]*$/)
      assert.deepEqual(decodePath(splitTarget(encodePath(text))?.path ?? ''), [{ key: text }])
    }),
  )
})

test('statusOf() tells the six kinds of error apart as HTTP can', () => {
  const kinds: Record<Kind, number> = {
    'bad request': 400,
    'bad argument': 400,
    'no such key': 404,
    'no such object': 404,
    'not permitted': 403,
    'cannot answer now': 503,
  }
  for (const [kind, status] of Object.entries(kinds))
    assert.equal(statusOf({ kind: kind as Kind, reason: '' }), status, kind)
  assert.equal(statusOf({ value: '1' }), 200)
  assert.equal(statusOf({ records: [] }), 200)
})

const response = { status: 200, type: 'text/plain', body: '1\n' }

test('encodeResponse() HEAD has the length and no body, HTTP/0.9 the body alone', () => {
  const get = encodeResponse(response, plain)
  assert.match(get, /^HTTP\/1\.1 200 OK\r\n(.+\r\n)*Content-Length: 2\r\n(.+\r\n)*\r\n1\n$/)
  assert.equal(encodeResponse(response, { ...plain, method: 'HEAD' }), get.slice(0, -2))
  assert.equal(encodeResponse(response, { ...plain, simple: true }), '1\n')
})

test('decodeResponse() undoes encodeResponse(), byte by byte', () => {
  const bytes = Buffer.from(encodeResponse(response, plain))
  for (let i = 0; i < bytes.length; i++)
    assert.notEqual(decodeResponse(bytes.subarray(0, i), false)?.whole, true, `${i} bytes`)
  const reply = decodeResponse(bytes, false)
  assert.deepEqual([reply?.status, reply?.body.toString(), reply?.whole], ['200 OK', '1\n', true])
})

test('decodeResponse() a body without a head, and one without a length', () => {
  assert.equal(decodeResponse(Buffer.from('1\n'), true)?.body.toString(), '1\n')
  assert.equal(decodeResponse(Buffer.from('1\n'), false), undefined)
  const bytes = Buffer.from('HTTP/1.0 404 Not Found\n\nno')
  assert.equal(decodeResponse(bytes, false)?.whole, false)
  assert.deepEqual(decodeResponse(bytes, true), {
    status: '404 Not Found',
    body: Buffer.from('no'),
    whole: true,
  })
})

const unitOf = (): '%' => '%'
for (const [name, reply, expected] of [
  ['a load', { value: '0.00', detail: 'x' }, '"value":0.00,"detail":"x","unit":"%","error":null'],
  [
    '64 bits',
    { value: '9223372036854775807' },
    '"value":9223372036854775807,"detail":null,"unit":"%","error":null',
  ],
  ['no number', { value: '007' }, '"value":"007","detail":null,"unit":"%","error":null'],
  [
    'bytes',
    { value: '\xc3\xa4"\xff' },
    '"value":"\u00e4\\"\ufffd","detail":null,"unit":"%","error":null',
  ],
  [
    'an error',
    { kind: 'no such object', reason: 'ENOENT' },
    '"value":null,"detail":null,"unit":"%","error":"no such object (ENOENT)"',
  ],
] as const)
  test(`encodeJson() ${name}`, () => {
    const json = encodeJson('k', reply, unitOf, 1472)
    assert.equal(json, `{"key":"k",${expected}}`)
    JSON.parse(json)
  })

test('encodeJson() records, those of other programs too', () => {
  const records = [{ key: 'a', outcome: { value: '1' } }, { raw: 'b some\n\n2\n' }]
  const parsed = JSON.parse(encodeJson('multi', { records }, () => undefined, 1472))
  assert.deepEqual(
    parsed.records.map(({ key, value, detail }: Record<string, unknown>) => [key, value, detail]),
    [
      ['a', 1, null],
      ['b', 2, 'some'],
    ],
  )
})
