// A name server (npm dns-packet) over UDP and TCP for the tests of what DNS says of a sender. Arguments: one JSON
// object {port, zone: {"name": {TXT: ["…" or ["…", "…"]], MX: [[10, "host"]], A: ["192.0.2.1"]}}, silent: ["name"]}.
// Other names do not exist. An answer over 512 octets is cut over UDP, so that the client comes back over TCP.
'use strict';
const dgram = require('dgram');
const net = require('net');
const packet = require('dns-packet');

const options = JSON.parse(process.argv[2]);
const kMostOverUdp = 512;
const record_of = (name, type, data) => {
  if (type === 'TXT') return { name, type, ttl: 1, data };
  if (type === 'MX') return { name, type, ttl: 1, data: { preference: data[0], exchange: data[1] } };
  return { name, type, ttl: 1, data };
};

function answer_to(query) {
  const [question] = query.questions;
  const name = question.name.toLowerCase();
  if ((options.silent || []).includes(name)) return undefined;
  const found = options.zone[name];
  const exists = found || Object.keys(options.zone).some(other => other.endsWith('.' + name));
  const answers = ((found && found[question.type]) || []).map(data => record_of(name, question.type, data));
  return { type: 'response', id: query.id, questions: query.questions, answers,
           flags: packet.AUTHORITATIVE_ANSWER | (exists ? 0 : 3) };
}

const udp = dgram.createSocket('udp4');
udp.on('message', (bytes, peer) => {
  const answer = answer_to(packet.decode(bytes));
  if (!answer) return;
  let encoded = packet.encode(answer);
  if (encoded.length > kMostOverUdp)
    encoded = packet.encode({ ...answer, answers: [], flags: answer.flags | packet.TRUNCATED_RESPONSE });
  udp.send(encoded, peer.port, peer.address);
});
const tcp = net.createServer(socket => {
  socket.on('error', () => {});
  socket.on('data', bytes => {
    const answer = answer_to(packet.streamDecode(bytes));
    if (answer) socket.write(packet.streamEncode(answer));
  });
});
udp.bind(options.port, '127.0.0.1', () => tcp.listen(options.port, '127.0.0.1', () => process.stdout.write('ready\n')));
