/** An entry by a name from outside: `constructor` and `__proto__` are names like any other, and name nothing here. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
