// The real tus-js-client against a running program: client.mjs URL TOKEN CYCLE DATA.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {Readable} from 'node:stream';
import tus from 'tus-js-client';

const [url, token, cycle, data] = process.argv.slice(2);
let problems = 0;
const check = (isTrue, text, seen = '') => {
  console.log((isTrue ? 'ok      ' : 'FAILED  ') + text + (isTrue ? '' : `: ${seen}`));
  if (!isTrue) ++problems;
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
// Text, which the inspection of files lets through.
const randomText = (size) => Buffer.from(crypto.randomBytes(Math.ceil(size / 2)).toString('hex').slice(0, size));
const digestOf = (content) => crypto.createHash('sha256').update(content).digest('hex');

const files = (folder) => (fs.existsSync(folder) ? fs.readdirSync(folder, {recursive: true, withFileTypes: true}) : [])
  .filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
// Where the store has the content, once it is there.
const find = async (digest) => {
  for (let i = 0; i < 300; ++i) {
    const found = files(path.join(data, 'materials')).find((name) => [digest, digest.slice(2)].includes(path.basename(name)));
    if (found) return found;
    await sleep(50);
  }
  return null;
};

const options = (content, more = {}) => ({
  endpoint: `${url}/api/v1/uploads`,
  chunkSize: 256 * 1024,
  retryDelays: [0, 200, 500, 1000, 2000],
  uploadSize: content.length,
  metadata: {filename: 'Zażółć gęślą.txt', filetype: 'text/plain', cycle},
  headers: {Authorization: `Bearer ${token}`},
  ...more,
});
const send = (content, more) => new Promise((resolve, reject) => {
  const upload = new tus.Upload(content, {
    ...options(content, more), onError: reject, onSuccess: () => resolve(upload),
  });
  upload.start();
});
const isStored = async (content, text) => {
  const file = await find(digestOf(content));
  check(file !== null && digestOf(fs.readFileSync(file)) === digestOf(content), text);
};

// Cut again and again, each time gone on with by a new client that knows the address alone.
const broken = async (aborts) => {
  const content = randomText(8 << 20);
  let address = null;
  let offsets = [];
  for (let n = 1; n <= aborts + 1; ++n) {
    const until = n > aborts ? Infinity : (content.length * n) / (aborts + 1);
    await new Promise((resolve, reject) => {
      const upload = new tus.Upload(content, {
        ...options(content, {uploadUrl: address}),
        onUploadUrlAvailable: () => { address = upload.url; },
        onError: reject,
        onSuccess: () => resolve(),
        onProgress: (sent) => {
          if (sent < until) return;
          offsets.push(sent);
          upload.abort().then(resolve, reject);
        },
      });
      upload.start();
    });
  }
  check(offsets.length === aborts, `${aborts} times cut`, offsets);
  await isStored(content, `what was cut ${aborts} times is whole`);
};

const atOnce = async (count) => {
  const contents = Array.from({length: count}, () => randomText(1 << 20));
  await Promise.all(contents.map((content) => send(content)));
  for (const content of contents) await isStored(content, 'one of several at once');
};

const parallelPatches = async () => {
  const content = randomText(2 << 20);
  const upload = new tus.Upload(content, options(content));
  await new Promise((resolve, reject) => {
    upload.options.onUploadUrlAvailable = resolve;
    upload.options.onError = reject;
    upload.options.onProgress = () => {};
    upload.start();
  });
  await upload.abort();
  const clients = await Promise.allSettled([1, 2, 3].map(() => send(content, {uploadUrl: upload.url})));
  check(clients.some(({status}) => status === 'fulfilled'), 'of three that send to one upload one comes to its end',
    clients.map(({reason}) => String(reason)));
  await isStored(content, 'and the content is what each of them sent');
};

const refused = async (more, status, text, content = Buffer.from('abc')) => {
  try {
    await send(content, {retryDelays: null, ...more});
    check(false, text, 'it was taken');
  } catch (error) {
    check(error.originalResponse?.getStatus() === status, text, String(error));
  }
};

await broken(5);
await atOnce(6);
await parallelPatches();
const whole = randomText(3 << 20);
await send(whole, {chunkSize: Infinity});
await isStored(whole, 'one piece');
const together = randomText(1 << 20);
await send(together, {uploadDataDuringCreation: true});
await isStored(together, 'the first piece with the creation');
const streamed = randomText((1 << 20) + 17);
await new Promise((resolve, reject) => {
  const upload = new tus.Upload(Readable.from([streamed.subarray(0, 300000), streamed.subarray(300000)]), {
    ...options(streamed, {uploadSize: null, uploadLengthDeferred: true}), onError: reject, onSuccess: resolve,
  });
  upload.start();
});
await isStored(streamed, 'a length that is said last');
const overridden = randomText(1 << 20);
await send(overridden, {overridePatchMethod: true});
await isStored(overridden, 'POST instead of PATCH');
const ended = new tus.Upload(whole, options(whole));
await new Promise((resolve) => {
  ended.options.onUploadUrlAvailable = resolve;
  ended.start();
});
await ended.abort(true);
check(true, 'an upload is taken back');
await refused({headers: {Authorization: 'Bearer nobody'}}, 401, 'nobody may send');
await refused({metadata: {filename: 'x', cycle: '987654'}}, 404, 'what is not there takes no file');
await refused({metadata: {filename: 'x'}}, 400, 'a file is for something');
process.exit(problems ? 1 : 0);
