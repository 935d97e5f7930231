// A line between a browser and the service that is slow and breaks, as an HTTP proxy: what goes up is held to
// `rate` octets a second for each connection (0: as fast as it goes); when so many octets have gone up in all
// as an entry of `cuts` says, the connection that brought them is cut off. After `stall` octets nothing goes
// up any more until it is mended.

import {createServer, connect} from 'node:net';
import {Transform} from 'node:stream';

function throttle(rate, admit) {
  return new Transform({
    transform(chunk, _, done) {
      const pass = () => done(null, chunk);
      admit(chunk.length, () => (rate ? setTimeout(pass, (chunk.length / rate) * 1000) : pass()));
    },
  });
}

export async function startBrokenLine(target, {rate = 0, cuts = [], stall = Infinity} = {}) {
  const {hostname, port} = new URL(target);
  const left = [...cuts];
  const ends = new Set();
  const held = [];
  const line = {address: '', up: 0, cut: 0, stall};
  const server = createServer((near) => {
    const far = connect({host: hostname, port: Number(port)});
    const end = () => {
      near.destroy();
      far.destroy();
      ends.delete(end);
    };
    ends.add(end);
    const up = throttle(rate, (octets, pass) => {
      line.up += octets;
      if (line.up >= line.stall) return held.push(pass);
      if (left.length === 0 || line.up < left[0]) return pass();
      left.shift();
      ++line.cut;
      return end();
    });
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    near.pipe(up).pipe(far);
    far.pipe(near);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  line.address = `http://127.0.0.1:${server.address().port}`;
  line.mend = () => {
    line.stall = Infinity;
    for (const pass of held.splice(0)) pass();
  };
  line.breakOff = () => { for (const end of [...ends]) end(); };
  line.close = () => {
    line.breakOff();
    return new Promise((resolve) => server.close(resolve));
  };
  return line;
}
