import { describe, expect, it } from '@jest/globals';
import { rememberAnswers } from '../../../src/model/remember-answers.js';

const counting = (most: number) => {
  const asked: string[] = [];
  const answer = rememberAnswers((text) => {
    asked.push(text);
    return text === '' ? undefined : text.toUpperCase();
  }, most);
  return { answer, asked };
};

describe('a function that remembers its answers', () => {
  it('computes each answer once, undefined ones too', () => {
    const { answer, asked } = counting(10);
    expect([answer('a'), answer(''), answer('a'), answer('')]).toEqual(['A', undefined, 'A', undefined]);
    expect(asked).toEqual(['a', '']);
  });

  it('forgets what nobody has asked for while twice as many others came', () => {
    const { answer, asked } = counting(2);
    for (const text of ['a', 'b', 'c', 'd', 'e', 'a']) answer(text);
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'a']);
  });

  it('keeps what is asked for again and again, whatever comes between', () => {
    const { answer, asked } = counting(2);
    for (let other = 0; other < 100; other++) {
      answer('often');
      answer(`other ${other}`);
    }
    expect(asked.filter((text) => text === 'often')).toHaveLength(1);
  });
});
