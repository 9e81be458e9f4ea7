import { describe, expect, it } from '@jest/globals';
import { caseDueAt, casePriority, priorityWaitingFrom, waitsFrom } from '../../../src/cases/case-priority.js';

describe('urgency', () => {
  it.each([
    [{ score: 62.5 }, 62.5],
    [{ score: 60, ringSize: 1 }, 60],
    [{ score: 60, ringSize: 8 }, 75],
    [{ score: 60, ringSize: 10_000 }, 90],
    [{ score: 60, confirmedFraud: true }, 85],
  ])('of %j is %d', (urgency, priority) => {
    expect(casePriority(urgency)).toBe(priority);
  });

  it.each([0, 62.5, 87.4, 131.9])('puts a case that is opened later where one of %d points had stood', (priority) => {
    const from = waitsFrom({ priority, openedAt: 1_000_000 });
    const openedAt = 1_000_000 + 5 * 3_600_000 + 1234;
    const taken = waitsFrom({ priority: priorityWaitingFrom(from, openedAt), openedAt });
    expect(taken).toBeLessThanOrEqual(from);
    expect(from - taken).toBeLessThanOrEqual(180_000);
  });

  it.each([
    [120, 1],
    [90, 1],
    [89.9, 4],
    [60, 4],
    [59.9, 24],
    [-20, 24],
  ])('at priority %d leaves %d hours', (priority, hours) => {
    expect(caseDueAt({ priority, openedAt: 1000 })).toBe(1000 + hours * 3_600_000);
  });
});
