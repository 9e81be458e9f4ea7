// A worker that decides cases of the review queue, on nothing but the HTTP API.
//
//   PORTCULLIS_URL=http://127.0.0.1:8080 PORTCULLIS_KEY=pk_… node case-worker.mjs [--once]
//
// The key has the role worker. With --once it ends when the queue is empty; without, it looks again every second.
// It may be killed at any moment: its claim ends with its lease, and whoever takes the case next begins anew. A decision
// carries the claim's token, so that one that comes too late is refused (409 stale_claim) and changes nothing.
const url = process.env.PORTCULLIS_URL ?? 'http://127.0.0.1:8080';
const key = process.env.PORTCULLIS_KEY;
const once = process.argv.includes('--once');
/** Seconds: as long as one case takes at most without a heartbeat, and as long as a dead worker keeps its case. */
const lease = Number(process.env.LEASE_S ?? 30);

if (key === undefined) {
  console.error('PORTCULLIS_KEY is not set: make one with  scripts/portcullis keys create --role worker');
  process.exit(1);
}

async function call(path, body, method = 'POST') {
  for (;;) {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    // Too busy for the moment: the service says when to come again.
    if (response.status === 429 || response.status === 503) await sleep(Number(response.headers.get('retry-after') ?? 1));
    else return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Seconds until a case comes back whose verification was asked for and has not been answered. */
const patience = Number(process.env.PATIENCE_S ?? 3600);

/** A case whose answer is awaited stays in the queue, less urgent: somebody may decide it all the same. */
async function wasAsked(id) {
  const { body } = await call(`/v1/cases/${id}`, undefined, 'GET');
  return body.timeline.some(({ kind }) => kind === 'verification_requested');
}

/** Yours: what your team knows of the account. */
async function judge(found) {
  return found.score >= 80
    ? { decision: 'reject', label: 'fraud', reason: 'score of 80 or more' }
    : { decision: 'request_verification', reason: 'could be honest' };
}

async function work({ case: found, claim_token }) {
  const beat = setInterval(
    () => call(`/v1/cases/${found.id}/heartbeat?lease_s=${lease}`, { claim_token }).catch(() => undefined),
    (lease * 1000) / 3,
  );
  try {
    const verdict = await judge(found);
    // What was asked before is not asked again: the case is put off, and the next one comes.
    if (verdict.decision === 'request_verification' && (await wasAsked(found.id))) {
      const until = new Date(Date.now() + patience * 1000).toISOString();
      const answer = await call(`/v1/cases/${found.id}/snooze`, { claim_token, until });
      console.log(`${found.id} ${answer.status === 200 ? 'put off' : answer.body.code}`);
      return;
    }
    const answer = await call(`/v1/cases/${found.id}/decisions`, { claim_token, ...verdict });
    // 409: the lease ran out, or a person was quicker. Nothing was changed; go on with the next.
    // 403: a whole ring, which a senior releases or denies.
    if (answer.status === 403) await call(`/v1/cases/${found.id}/escalate`, { reason: 'a whole ring' });
    console.log(`${found.id} ${answer.status === 200 ? 'decided' : answer.body.code}`);
  } finally {
    clearInterval(beat);
  }
}

for (;;) {
  const next = await call(`/v1/cases:next?lease_s=${lease}`);
  if (next.status === 200) await work(next.body);
  else if (next.status !== 204) throw new Error(`cases:next answered ${next.status} ${next.body?.code ?? ''}`);
  else if (once) break;
  else await sleep(1);
}
