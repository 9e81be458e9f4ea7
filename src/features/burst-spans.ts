import type { FeatureSpec } from '../model/feature.js';
import type { Instant } from '../model/time.js';
import type { BucketSums } from './bucket-sums.js';

/** Parts of a window that events are counted in: all for a total, of one key those that it no longer keeps one by one. */
export const partsPerWindow = 16;
/** Parts that are kept; whoever asks for a window that began before is told nothing. */
export const partsKept = 3 * partsPerWindow;
/** An event may come a day late, or again. */
export const dayMs = 86_400_000;
/** Buckets that are narrower have numbers that stores have no room for: eight hexadecimal digits. */
export const leastBucketMs = 1000;

/** The lengths of one burst, milliseconds. */
export interface BurstSpans {
  readonly windowMs: number;
  readonly baselineMs: number;
  /** Width of the buckets of all events. */
  readonly partMs: number;
  /** Width of the buckets of admitted events: the baseline begins and ends on a whole one. */
  readonly bucketMs: number;
  /** Buckets that somebody may still ask for; an event may come a day late. */
  readonly bucketsKept: number;
}

/** Of a window and a baseline, milliseconds. */
export const bucketMsOf = (windowMs: number, baselineMs: number): number => Math.max(windowMs / 4, baselineMs / 64);

export function burstSpans({ windowMs = 0, baselineMs = 0 }: FeatureSpec): BurstSpans {
  const bucketMs = bucketMsOf(windowMs, baselineMs);
  const bucketsKept = Math.ceil((windowMs + baselineMs + dayMs) / bucketMs) + 1;
  return { windowMs, baselineMs, partMs: windowMs / partsPerWindow, bucketMs, bucketsKept };
}

/** Events in (at - window, at], the part at its old edge by the share of it that is inside. */
export const windowSum = (parts: BucketSums, spans: BurstSpans, at: Instant): number =>
  sumSince(at - spans.windowMs, parts, { spans, at });

/** The same since any time. */
export function sumSince(
  from: Instant,
  parts: BucketSums,
  { spans: { partMs }, at }: { spans: BurstSpans; at: Instant },
) {
  const edge = Math.floor(from / partMs);
  const inside = parts.between(edge + 1, Math.floor(at / partMs) + 1);
  return inside + parts.between(edge, edge + 1) * (edge + 1 - from / partMs);
}

/** Admitted events of the baseline: whole buckets that end before the window begins. */
export function baselineSum(buckets: BucketSums, spans: BurstSpans, at: Instant): number {
  return buckets.between(baselineStart(spans, at), baselineEnd(spans, at));
}

/** The first bucket of the baseline. */
export const baselineStart = ({ windowMs, baselineMs, bucketMs }: BurstSpans, at: Instant): number =>
  Math.floor((at - windowMs - baselineMs) / bucketMs);

/** The first bucket that is no part of the baseline: the one in which the window begins. */
export const baselineEnd = ({ windowMs, bucketMs }: BurstSpans, at: Instant): number =>
  Math.floor((at - windowMs) / bucketMs);

/** Is the window of this time still kept whole? */
export const isWindowKept = (newestPart: number, { partMs }: BurstSpans, at: Instant): boolean =>
  Math.floor(at / partMs) >= newestPart - (partsKept - partsPerWindow);
