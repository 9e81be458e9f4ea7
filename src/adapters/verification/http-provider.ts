import type { VerificationProvider, VerificationRequest } from '../../verification/verification-work.js';

interface HttpProviderOptions {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly secret?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Told that the answer is to come, and where the person goes on, where `{"result":"pending","url":"https://…"}` says so. */
  readonly onPending?: ((request: VerificationRequest, url: string | undefined) => Promise<void>) | undefined;
}

const maxAnswerBytes = 16_384;
const results: ReadonlySet<unknown> = new Set(['passed', 'failed', 'pending']);

/** Asks an HTTP service. A retry carries the same request id, so the service can tell it from a second request. */
export function createHttpProvider({
  url,
  secret,
  timeoutMs = 10_000,
  onPending,
}: HttpProviderOptions): VerificationProvider {
  return {
    async verify(request) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'idempotency-key': request.requestId,
          ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        },
        body: JSON.stringify(bodyOf(request)),
        // The address was configured by the operator; where it points to from there was not.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await readBounded(response);
      if (!response.ok) throw new Error(`the verification provider answered ${response.status}`);
      const result = resultOf(text);
      if (result === 'pending') await onPending?.(request, linkOf(text));
      return result;
    },
  };
}

const bodyOf = ({ requestId, accountId, caseId, method }: VerificationRequest) => ({
  request_id: requestId,
  account_id: accountId,
  case_id: caseId,
  method,
});

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body === null) return '';
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body, so that nothing more is read.
    if (bytes > maxAnswerBytes) throw new Error(`the verification provider answered more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type ProviderResult = Awaited<ReturnType<VerificationProvider['verify']>>;

const isResult = (value: unknown): value is ProviderResult => results.has(value);

function resultOf(text: string): ProviderResult {
  const wrong = new Error('the verification provider did not answer {"result":"passed|failed|pending"}');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const result = typeof parsed === 'object' && parsed !== null && 'result' in parsed ? parsed.result : undefined;
  if (!isResult(result)) throw wrong;
  return result;
}

/** A web address only: the held person's browser is sent there. */
function linkOf(text: string): string | undefined {
  const parsed: unknown = JSON.parse(text);
  const url = typeof parsed === 'object' && parsed !== null && 'url' in parsed ? parsed.url : undefined;
  return typeof url === 'string' && url.length <= 2048 && /^https?:\/\//i.test(url) && URL.canParse(url)
    ? url
    : undefined;
}
