/** What can be wrong with rule files besides their expressions (those have E1xx). Codes are stable: never reuse one. */
export const ruleErrors = {
  E001: 'The file is not YAML.',
  E002: 'A key stands twice in one map.',
  E003: 'Tags are not used; an expression that begins with `!` needs quotes.',
  E004: 'Merge keys are not used.',
  E005: 'Anchors are not used.',
  E006: 'Aliases are not used; an expression that begins with `*` needs quotes.',
  E007: 'A file holds one document.',
  E008: 'The file holds a NUL.',
  E009: 'The file is larger than 256 KiB.',
  E010: 'The key is not known here.',
  E011: 'A key that is needed is missing.',
  E012: 'The value has the wrong type.',
  E013: 'The value is not one of those allowed.',
  E014: 'The number is out of bounds.',
  E015: 'This is no duration.',
  E016: 'This is no share.',
  E017: 'This is no date.',
  E018: 'This is no name.',
  E019: 'The list is empty or names something twice.',
  E020: 'The name is declared twice.',
  E021: 'Something that may stand once stands twice.',
  E022: 'The reason code is not registered.',
  E023: 'The exception has expired.',
  E024: 'The title names something that it cannot show.',
  E025: 'This is not available in this version.',
  E026: 'There is no signal of this name.',
  E027: 'Predicates refer to each other in a circle.',
  E028: 'A feature has one kind.',
  E029: 'The file cannot be used.',
  E030: 'The list file has a wrong line.',
  E031: 'The test gives a value that the input cannot have.',
} as const;

export type RuleErrorCode = keyof typeof ruleErrors;

/** What is allowed and probably not meant. */
export const ruleWarnings = {
  W001: 'A negation over an input that can be missing: unknown, not true, when it is.',
  W002: 'No rule reads this feature.',
  W003: 'No rule reads this list.',
  W004: '`distinct` equals `by`: the number is always 1.',
  W005: 'A network or e-mail rule alone reaches hold.',
  W006: 'A key that crowds share, with `at_least: hold`.',
  W007: 'A threshold that the feature can never reach.',
  W008: 'Two rules say the same.',
  W009: 'A live rule without a test that fires and one that does not.',
  W010: 'An exception without effect.',
  W011: 'No rule uses this predicate.',
  W012: 'The file is not read.',
  W013: 'The exception has expired and is ignored.',
  W014: 'The test gives a value that the rule does not read.',
  W015: 'The list does not say where it comes from and when.',
  W016: 'The condition is the same whatever the event.',
} as const;

export type RuleWarningCode = keyof typeof ruleWarnings;
