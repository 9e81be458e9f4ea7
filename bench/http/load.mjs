/**
 * A closed-loop load from raw sockets: cheap enough that the server, not the client, is what is measured.
 * Each connection sends its next request when the answer to the last one is complete.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/** Answers with a Content-Length only, which is what the service sends. */
function answerReader(onAnswer) {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf(headEnd);
      if (end < 0) return;
      const head = pending.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      const status = Number(head.slice(9, 12));
      pending = pending.subarray(end + 4 + length);
      onAnswer(status);
    }
  };
}

const request = ({ path, key, body }) =>
  `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** Runs `total` requests over `connections`; bodies come from `bodyOf(n)`. Milliseconds, answers by status. */
export function load({ port, path, key, connections, total, bodyOf }) {
  return new Promise((done, failed) => {
    let sent = 0;
    let finished = 0;
    const statuses = {};
    const latencies = new Float64Array(total);
    const startedAt = performance.now();
    const open = () => {
      const socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true);
      let sentAt = 0;
      const next = () => {
        if (sent >= total) return socket.end();
        sentAt = performance.now();
        socket.write(request({ path, key, body: bodyOf(sent++) }));
      };
      const read = answerReader((status) => {
        latencies[finished++] = performance.now() - sentAt;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (finished === total) done({ ms: performance.now() - startedAt, statuses, latencies: latencies.sort() });
        else next();
      });
      socket.on('data', read);
      socket.on('error', failed);
      socket.on('connect', next);
    };
    for (let i = 0; i < connections; i++) open();
  });
}

/** CPU seconds (user and system, all threads) that a process has used so far. Linux only. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
