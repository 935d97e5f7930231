// A line between a browser and the service that is slow and breaks: what goes up is held to `rate` octets a
// second, and the first connection that has brought as many octets up as an entry of `cuts` says is cut
// off, once for each entry.

import {createServer, connect} from 'node:net';
import {Transform} from 'node:stream';

function throttle(rate, count) {
  return new Transform({
    transform(chunk, _, done) {
      count(chunk.length);
      if (!rate) return done(null, chunk);
      return setTimeout(() => done(null, chunk), (chunk.length / rate) * 1000);
    },
  });
}

export async function startBrokenLine(target, {rate = 0, cuts = []} = {}) {
  const {hostname, port} = new URL(target);
  const left = [...cuts];
  const sockets = new Set();
  const line = {base: '', up: 0, cut: 0, open: true};
  const server = createServer((near) => {
    if (!line.open) return near.destroy();
    const far = connect({host: hostname, port: Number(port)});
    const end = () => {
      near.destroy();
      far.destroy();
      sockets.delete(end);
    };
    sockets.add(end);
    let here = 0;
    const counter = throttle(rate, (octets) => {
      here += octets;
      line.up += octets;
      if (left.length && here >= left[0]) {
        left.shift();
        ++line.cut;
        end();
      }
    });
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    near.pipe(counter).pipe(far);
    far.pipe(near);
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  line.base = `http://127.0.0.1:${server.address().port}`;
  // Nobody gets through until it is open again.
  line.breakOff = () => {
    line.open = false;
    for (const end of [...sockets]) end();
  };
  line.mend = () => { line.open = true; };
  line.close = () => {
    line.breakOff();
    return new Promise((resolve) => server.close(resolve));
  };
  return line;
}
