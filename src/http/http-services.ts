import type { AccountChanges } from '../accounts/account-changes.js';
import type { Subjects } from '../accounts/subjects.js';
import type { AuditHead } from '../audit/audit-chain.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { AuditReport } from '../audit/verify-audit.js';
import type { QueueFigures } from '../cases/queue-figures.js';
import type { ReviewQueue } from '../cases/review-queue.js';
import type { DecisionLog } from '../decisions/decision-log.js';
import type { PastDecisions } from '../decisions/past-decisions.js';
import type { AdmittedSample } from '../decisions/usual-inputs.js';
import type { Admission } from '../evaluate/admission.js';
import type { Evaluator } from '../evaluate/evaluator.js';
import type { ExplainDecision } from '../evaluate/explain-decision.js';
import type { ListDesk } from '../evaluate/list-desk.js';
import type { EvidenceReport } from '../evaluate/rule-evidence.js';
import type { RecordedFuse } from '../evaluate/rule-ledger.js';
import type { RuleStanding } from '../evaluate/rule-standing.js';
import type { BaselineWarmth } from '../features/baseline-warmth.js';
import type { GateAnswer, GateQuestion } from '../gate/gate-store.js';
import type { ClosedSessions } from '../model/closed-sessions.js';
import type { HashIdentifier } from '../model/entity.js';
import type { IdPrefix } from '../model/ids.js';
import type { PolicyLevel } from '../model/policy.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { RuleInfo } from '../model/rule.js';
import type { ServiceKeys } from '../model/service-key.js';
import type { Clock, Instant } from '../model/time.js';
import type { WebhookDesk } from '../outbox/webhook-desk.js';
import type { Webhooks } from '../outbox/webhooks.js';
import type { RingDesk } from '../ring-decisions/ring-desk.js';
import type { RingHubDesk } from '../ring-decisions/ring-hub-desk.js';
import type { UndoCommand, UndoneBatch } from '../ring-decisions/undo-batch.js';
import type { RingRecords } from '../rings/ring-records.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSetArchive } from '../ruleset/rule-set-archive.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { ChangeFeed } from './console/change-feed.js';
import type { OverviewReader } from './console/overview.js';
import type { VerificationServices } from './verification-services.js';

interface RuleWithHits {
  readonly info: RuleInfo;
  /** Since this process loaded the rule set. */
  readonly hits: number;
}

interface RulesSnapshot {
  readonly version: string;
  readonly hash: string;
  readonly loadedAt: Instant;
  /** `report`: nothing is enforced. */
  readonly level: PolicyLevel;
  /** Of the last attempt to load: not empty means that an older rule set is still in use. */
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
  readonly rules: readonly RuleWithHits[];
}

interface RulesReport {
  readonly ok: boolean;
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

export interface RulesView {
  current(): RulesSnapshot;
  /** Checks without loading, beside the requests; paths are relative to the rules folder. A problem where it takes too much. */
  validate(files: Readonly<Record<string, string>>): Promise<Result<RulesReport, Problem>>;
}

/** What is known of the rules, and from which decisions. */
export interface RuleStandings {
  readonly report: EvidenceReport;
  readonly rules: readonly RuleStanding[];
}

export interface RuleStandingsSource {
  /** Over the last week, as of a minute ago at most. */
  current(): Promise<RuleStandings>;
  since(since: Instant): Promise<RuleStandings>;
  /** False: its fuse was whole. */
  resetFuse(rule: string, actor: string): Promise<boolean>;
  /** The name by which decisions tell what the rule set judged beside would have made of them. */
  candidate(): string | undefined;
  /** Of rules in use; as of two seconds ago. */
  blown(): readonly RecordedFuse[];
}

/** Something the service cannot work without. */
export interface ReadinessCheck {
  readonly name: string;
  /** Resolves when it is there; rejects, or takes longer than a second, when it is not. */
  check(): Promise<void>;
  /** Somebody has to look, and the service goes on answering: no reason to send nobody to it any more. */
  readonly isBearable?: boolean;
  /** False while nobody can say: it is left out then. */
  readonly isKnown?: () => boolean;
}

/** Everything the routes need, as ports. */
export interface HttpServices {
  readonly evaluator: Evaluator;
  readonly admission: Admission;
  readonly checkGate: (question: GateQuestion) => Promise<GateAnswer>;
  readonly decisions: Pick<DecisionLog, 'byId' | 'byAccount' | 'status'>;
  /** Rule sets that have decided something. */
  readonly keptRuleSets: Pick<RuleSetArchive, 'byHash' | 'forget'>;
  /** What backtests read: all decisions of a time. */
  readonly pastDecisions: PastDecisions;
  /** What a reviewer compares an account with. */
  readonly admitted: AdmittedSample;
  readonly explain: ExplainDecision;
  readonly cases: ReviewQueue;
  readonly accounts: AccountChanges;
  readonly queue: QueueFigures;
  readonly rings: RingRecords;
  readonly ringDesk: RingDesk;
  readonly ringHubs: RingHubDesk;
  /** Takes back what a ring's finding out did to its earlier members. */
  readonly undoBatch: (command: UndoCommand) => Promise<Result<UndoneBatch, Problem>>;
  readonly serviceKeys: ServiceKeys;
  readonly closedSessions: ClosedSessions;
  readonly rules: RulesView;
  readonly standings: RuleStandingsSource;
  /** How far the bursts of the rule set in use have come to know what is usual. */
  readonly baselines: () => Promise<readonly BaselineWarmth[]>;
  readonly readiness: readonly ReadinessCheck[];
  readonly hashIdentifier: HashIdentifier;
  readonly changes: ChangeFeed;
  readonly lists: Pick<ListDesk, 'all' | 'added' | 'ofFile' | 'add' | 'confirm' | 'remove'>;
  readonly webhooks: Webhooks;
  readonly webhookDesk: Pick<WebhookDesk, 'create' | 'change' | 'rotate'>;
  readonly audit: AuditTrail;
  /** Walks the whole trail; `noted`: a head that the caller has kept. */
  readonly verifyAudit: (noted?: AuditHead) => Promise<AuditReport>;
  readonly subjects: Subjects;
  readonly overview: OverviewReader;
  readonly verification: VerificationServices;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: (prefix: IdPrefix) => string;
}
