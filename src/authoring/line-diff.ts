interface Change {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** Above this many pairs of lines the middle is shown as replaced as a whole. */
const mostPairs = 4_000_000;
const context = 3;

/** A unified diff of two texts, empty where they are the same; `git apply -p0` takes it. */
export function lineDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const changes = changesBetween(before.replace(/\n$/, '').split('\n'), after.replace(/\n$/, '').split('\n'));
  return [`--- ${path}`, `+++ ${path}`, ...hunks(changes), ''].join('\n');
}

function changesBetween(old: readonly string[], young: readonly string[]): readonly Change[] {
  const head = commonLength(old, young);
  const tail = commonLength([...old.slice(head)].reverse(), [...young.slice(head)].reverse());
  const kept = (lines: readonly string[]): Change[] => lines.map((line) => ({ sign: ' ', line }));
  return [
    ...kept(old.slice(0, head)),
    ...middle(old.slice(head, old.length - tail), young.slice(head, young.length - tail)),
    ...kept(old.slice(old.length - tail)),
  ];
}

function commonLength(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length++;
  return length;
}

/** By the longest common subsequence. */
function middle(old: readonly string[], young: readonly string[]): readonly Change[] {
  const replaced = [...old.map(removed), ...young.map(added)];
  if (old.length * young.length > mostPairs) return replaced;
  const width = young.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = young.length - 1; j >= 0; j--)
      lengths[i * width + j] = old[i] === young[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    const [one, other] = [old[i], young[j]];
    if (one !== undefined && one === other) {
      changes.push({ sign: ' ', line: one });
      i++;
      j++;
    } else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      changes.push(removed(one));
      i++;
    } else {
      changes.push(added(other ?? ''));
      j++;
    }
  }
  return changes;
}

const removed = (line: string): Change => ({ sign: '-', line });
const added = (line: string): Change => ({ sign: '+', line });

function hunks(changes: readonly Change[]): readonly string[] {
  const shown: string[] = [];
  for (let from = nextChange(changes, 0); from < changes.length; ) {
    const start = Math.max(0, from - context);
    let end = from;
    for (let next = from; next < changes.length && next - end <= 2 * context; next = nextChange(changes, next + 1))
      end = next;
    const stop = Math.min(changes.length, end + context + 1);
    shown.push(header(changes, start, stop), ...changes.slice(start, stop).map(({ sign, line }) => sign + line));
    from = nextChange(changes, end + 1);
  }
  return shown;
}

function nextChange(changes: readonly Change[], from: number): number {
  const found = changes.findIndex(({ sign }, place) => place >= from && sign !== ' ');
  return found < 0 ? changes.length : found;
}

function header(changes: readonly Change[], start: number, stop: number): string {
  const range = (without: Change['sign']): string => {
    const count = (some: readonly Change[]): number => some.filter(({ sign }) => sign !== without).length;
    const length = count(changes.slice(start, stop));
    const first = count(changes.slice(0, start));
    return `${length === 0 ? first : first + 1},${length}`;
  };
  return `@@ -${range('+')} +${range('-')} @@`;
}
