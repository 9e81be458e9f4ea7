import type { HttpServices } from './http-services.js';
import type { Route } from './route.js';
import { accountRoutes } from './routes/accounts.js';
import { appealRoutes } from './routes/appeals.js';
import { auditRoutes } from './routes/audit.js';
import { caseBatchRoutes } from './routes/case-batches.js';
import { caseHandoverRoutes } from './routes/case-handover.js';
import { caseRoutes } from './routes/cases.js';
import { decisionRoutes } from './routes/decisions.js';
import { evaluationRoutes } from './routes/evaluations.js';
import { explanationRoutes } from './routes/explanations.js';
import { gateRoutes } from './routes/gate.js';
import { keptRulesetRoutes } from './routes/kept-rulesets.js';
import { keyRoutes } from './routes/keys.js';
import { listRoutes } from './routes/lists.js';
import { liveRoutes } from './routes/live.js';
import { overviewRoutes } from './routes/overview.js';
import { pastDecisionRoutes } from './routes/past-decisions.js';
import { ringDecisionRoutes } from './routes/ring-decisions.js';
import { ringHubRoutes } from './routes/ring-hubs.js';
import { ringUndoRoutes } from './routes/ring-undo.js';
import { ringRoutes } from './routes/rings.js';
import { rolloutRoutes } from './routes/rollout.js';
import { ruleRoutes } from './routes/rules.js';
import { type SessionParts, sessionRoutes } from './routes/session.js';
import { subjectRoutes } from './routes/subjects.js';
import { probeRoutes, systemRoutes } from './routes/system.js';
import { usualInputRoutes } from './routes/usual-inputs.js';
import { verificationCallbackRoutes } from './routes/verification-callbacks.js';
import { verificationLinkRoutes } from './routes/verification-links.js';
import { webhookRoutes } from './routes/webhooks.js';
import { workloadRoutes } from './routes/workload.js';

interface RouteOptions {
  readonly services: HttpServices;
  readonly isDraining: () => boolean;
  readonly session: SessionParts;
}

/** Of a process that only does background work. */
export const workerRoutes = ({ services, isDraining }: RouteOptions): readonly Route[] =>
  probeRoutes(services, isDraining);

/** The registry: the router, the document and the role tests are all made from this list. */
export function allRoutes({ services, isDraining, session }: RouteOptions): readonly Route[] {
  const routes: Route[] = [
    ...evaluationRoutes(services),
    ...decisionRoutes(services),
    ...explanationRoutes(services),
    ...usualInputRoutes(services),
    ...pastDecisionRoutes(services),
    ...gateRoutes(services),
    ...accountRoutes(services),
    ...verificationLinkRoutes(services),
    ...verificationCallbackRoutes(services),
    ...appealRoutes(services),
    ...caseRoutes(services),
    ...caseBatchRoutes(services),
    ...caseHandoverRoutes(services),
    ...workloadRoutes(services),
    ...ringRoutes(services),
    ...ringUndoRoutes(services),
    ...ringDecisionRoutes(services),
    ...ringHubRoutes(services),
    ...ruleRoutes(services),
    ...rolloutRoutes(services),
    ...keptRulesetRoutes(services),
    ...keyRoutes(services),
    ...listRoutes(services),
    ...webhookRoutes(services),
    ...auditRoutes(services),
    ...subjectRoutes(services),
    ...sessionRoutes(session),
    ...liveRoutes(services),
    ...overviewRoutes(services),
    ...systemRoutes(services, isDraining, () => routes),
  ];
  return routes;
}
