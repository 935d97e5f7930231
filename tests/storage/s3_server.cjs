// A server of S3 (npm @20minutes/s3rver) that checks every signature. Arguments: the directory of its objects and the
// port, 0 for any. Prints its port. GET /-/fail/STATUS/COUNT makes it answer the next COUNT requests with STATUS;
// GET /-/log says which requests came ("PUT /files/KEY"), and forgets them.
'use strict';
const http = require('http');

// It recomputes the query of a presigned link with encodeURIComponent, which leaves !'()* as they are; the signature
// is of RFC 3986, where they are encoded.
const encode = globalThis.encodeURIComponent;
globalThis.encodeURIComponent = text =>
  encode(text).replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase());

const S3rver = require('@20minutes/s3rver');

const [directory, port] = process.argv.slice(2);
const store = new S3rver({ directory, silent: true, configureBuckets: [{ name: 'files', configs: [] }] });
const answer = store.callback();
let failing = { status: 503, count: 0 };
let log = [];

function control(path) {
  const [, , what, status, count] = path.split('/');
  if (what === 'fail') failing = { status: Number(status), count: Number(count) };
  const lines = log;
  if (what === 'log') log = [];
  return lines.join('\n');
}

store.configureBuckets().then(() => {
  const server = http.createServer((request, response) => {
    if (request.url.startsWith('/-/')) return response.end(control(request.url));
    log.push(`${request.method} ${request.url.split('?')[0]}`);
    if (failing.count === 0) return answer(request, response);
    failing.count--;
    request.resume();
    response.writeHead(failing.status);
    response.end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
  });
  server.listen(Number(port), '127.0.0.1', () => console.log(server.address().port));
});
