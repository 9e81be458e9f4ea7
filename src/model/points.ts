const placesKept = 1e9;

/**
 * A sum of points as it is in decimals. Binary numbers make 29.949999999999996 of 14.95 + 10.1 + 4.9, which is 29.95; what is
 * left of a sum behind its ninth decimal is such an error, not anybody's points.
 */
export const asDecimal = (sum: number): number => Math.round(sum * placesKept) / placesKept;

/**
 * Points as they are scored, stored and shown: to a tenth, halves away from zero, of what the decimals say. Graded points are
 * no more exact than that. Both steps are over whole numbers, which binary numbers hold exactly.
 */
export function toTenths(points: number): number {
  const tenths = Math.round(Math.round(Math.abs(points) * placesKept) / (placesKept / 10));
  return points < 0 && tenths > 0 ? -tenths / 10 : tenths / 10;
}
