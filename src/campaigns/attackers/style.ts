/** From, to: a style draws one value in between, evenly on a logarithmic scale where both are above zero. */
export type Range = readonly [number, number];

export type ExitKind = 'residential' | 'mobile' | 'hosting' | 'vpn' | 'own';
export type MailKind = 'disposable' | 'catch-all' | 'free' | 'none';
export type Rhythm = 'burst' | 'shifts' | 'human' | 'around-the-clock';

/** Kinds with the range that their weight is drawn from. */
export type Weights<K extends string> = readonly (readonly [K, Range])[];

/** What attackers of one tier differ in: every campaign's style is drawn from these ranges. */
export interface TierRanges {
  readonly tier: string;
  readonly doc: string;
  readonly exits: {
    readonly kinds: Weights<ExitKind>;
    /** Countries that the proxies are bought in. */
    readonly countries: Range;
    /** Accounts through one address; below 1: every account has one of its own. */
    readonly accountsPerAddress: Range;
    /** Share of accounts whose proxies come from a few /24 blocks. */
    readonly clumped: Range;
  };
  readonly devices: {
    /** Machines (or images of machines) of the farm. */
    readonly templates: Range;
    /** Accounts until a machine's fingerprint is reset. */
    readonly accountsPerFingerprint: Range;
    /** Share of accounts with a machine that looks like anybody's. */
    readonly unique: Range;
    /** Share whose clock and languages fit the proxy's country. */
    readonly localised: Range;
    /** Share whose spoofed parts contradict each other. */
    readonly contradicting: Range;
    /** Share that send no device at all. */
    readonly none: Range;
  };
  readonly mail: {
    readonly kinds: Weights<MailKind>;
    /** Catch-all and disposable domains in use. */
    readonly domains: Range;
    /** Ways of making names at once; 0 writes them as people do. */
    readonly patterns: Range;
  };
  readonly cards: {
    readonly bins: Range;
    readonly accountsPerCard: Range;
    /** Share that is known to be virtual or prepaid. */
    readonly flagged: Range;
    /** Share without any card. */
    readonly none: Range;
    /** Share that comes with the signup. */
    readonly atSignup: Range;
  };
  readonly phones: { readonly share: Range; readonly blocks: Range };
  readonly time: {
    readonly rhythms: Weights<Rhythm>;
    readonly formMs: Range;
    readonly formSpread: Range;
    readonly keyAfterMinutes: Range;
    readonly keySpread: Range;
  };
  readonly usage: {
    readonly useAfterMinutes: Range;
    /** Share of accounts with one and the same prompt template. */
    readonly oneTemplate: Range;
    readonly rampH: Range;
    readonly distinctIps: Range;
    /** Share of accounts used through the operator's own gateway, on few servers. */
    readonly gateway: Range;
  };
  readonly paths: Weights<'standard' | 'education' | 'research' | 'startup'>;
}
