/** The environment of the process, handed in by its entry. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where things lie when nothing is said. */
export const usualFolders = { RULES_DIR: 'rules', DATA_DIR: '.portcullis' } as const;

/** Folders that commands work with. A variable that is set but empty is as good as none. */
interface ToolConfig {
  readonly rulesDir: string;
  /** Undefined where RULES_DIR says nothing, and `rulesDir` is the usual one. */
  readonly namedRulesDir: string | undefined;
  readonly dataDir: string;
  /** Undefined where DATA_DIR says nothing, and `dataDir` is the usual one. */
  readonly namedDataDir: string | undefined;
  /** MAXMIND_DIR. */
  readonly databasesDir: string | undefined;
}

/** What `readConfig` says of the same variables, without its schemas: a short command would wait for those to load. */
export function readToolConfig(environment: Environment): ToolConfig {
  const namedRulesDir = environment.RULES_DIR || undefined;
  const namedDataDir = environment.DATA_DIR || undefined;
  return {
    rulesDir: namedRulesDir ?? usualFolders.RULES_DIR,
    namedRulesDir,
    dataDir: namedDataDir ?? usualFolders.DATA_DIR,
    namedDataDir,
    databasesDir: environment.MAXMIND_DIR || undefined,
  };
}
