import { describe, expect, it } from '@jest/globals';
import { functionRegistry } from '../../../src/expression/functions/registry.js';

describe('The function registry', () => {
  it.each(functionRegistry.map((spec) => [spec.name, spec] as const))(
    'documents %s with an example that uses it',
    (name, spec) => {
      expect(spec.doc).toMatch(/^[A-Z].*\.$/);
      expect(spec.example).toContain(spec.form === 'method' ? `.${name}(` : `${name}(`);
    },
  );
});
