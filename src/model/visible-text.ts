/** Finds a character that a person sees: blanks, controls and what Unicode lets nobody see (zero-width marks) say nothing. */
export const visibleText = /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The same, of what is written on one line. */
export const visibleLine =
  /^(?=[^\p{Cc}\p{Zl}\p{Zp}]*?[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800])[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
