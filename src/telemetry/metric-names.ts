interface CounterSpec {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Values of its one label that are told as 0 from the start: an alert sees the first rise. */
  readonly starts?: readonly string[];
}

/** Every metric of the service. Labels are closed sets; never an account, an address or a path with ids in it. */
export const metricNames = {
  httpRequests: {
    name: 'portcullis_http_requests_total',
    help: 'Requests answered, by route template, method and status.',
    labels: ['route', 'method', 'status'],
  },
  httpSeconds: {
    name: 'portcullis_http_request_duration_seconds',
    help: 'From the request line to the end of the answer.',
    labels: ['route'],
  },
  evaluations: {
    name: 'portcullis_evaluations_total',
    help: 'Decisions given, by event type and outcome; replays are counted apart.',
    labels: ['type', 'outcome'],
  },
  evaluationReplays: {
    name: 'portcullis_evaluation_replays_total',
    help: 'Events that had been decided before.',
    labels: [],
  },
  evaluationRefusals: {
    name: 'portcullis_evaluation_refusals_total',
    help: 'Events without a decision, by problem code.',
    labels: ['code'],
  },
  evaluationSeconds: {
    name: 'portcullis_evaluation_duration_seconds',
    help: 'One evaluation inside the service, commit included.',
    labels: ['type'],
  },
  evaluationsInFlight: {
    name: 'portcullis_evaluations_in_flight',
    help: 'Evaluations being decided just now, those that wait for their place included.',
    labels: [],
  },
  evaluationsWaiting: {
    name: 'portcullis_evaluations_waiting',
    help: 'Evaluations that wait for a place; when it stays above zero, more come in than can be decided.',
    labels: [],
  },
  evaluationPlaces: {
    name: 'portcullis_evaluation_places',
    help: 'Evaluations that may be at work at once; fewer while the hot store is slow.',
    labels: [],
  },
  shed: {
    name: 'portcullis_requests_shed_total',
    help: 'Requests refused at once because they would have waited too long.',
    labels: ['route'],
    starts: ['/v1/evaluations'],
  },
  gateAnswers: {
    name: 'portcullis_gate_answers_total',
    help: 'Gate checks, by state and status.',
    labels: ['state', 'status'],
  },
  gateSeconds: {
    name: 'portcullis_gate_duration_seconds',
    help: 'One gate check inside the service.',
    labels: [],
  },
  gateFailOpen: {
    name: 'portcullis_gate_fail_open_total',
    help: 'Accounts let through although nothing was known of them, because the policy says so. Alert on any.',
    labels: [],
  },
  foreignKeys: {
    name: 'portcullis_foreign_keys_announced_total',
    help: 'API keys that an event announced for an account although they had been announced for another one before.',
    labels: [],
  },
  ruleHits: {
    name: 'portcullis_rule_hits_total',
    help: 'Rules that fired, by rule and mode.',
    labels: ['rule', 'mode'],
  },
  ruleFuses: {
    name: 'portcullis_rule_fuse_trips_total',
    help: 'Rules that went to shadow by themselves because they fired too often.',
    labels: ['rule'],
  },
  ruleFuseBlown: {
    name: 'portcullis_rule_fuse_blown',
    help: '1 for each rule whose fuse has blown, on any instance: it is in shadow until someone looks. Alert on any.',
    labels: ['rule'],
  },
  ruleExceptionDays: {
    name: 'portcullis_rule_exception_days_left',
    help: 'Days until the next exception of a rule expires; only rules with one.',
    labels: ['rule'],
  },
  rulesetEnforced: {
    name: 'portcullis_ruleset_enforced',
    help: '1 while decisions are enforced; 0 while the policy only reports and everybody is admitted.',
    labels: [],
  },
  budgetHeldShare: {
    name: 'portcullis_budget_held_share',
    help: "Share of the accounts evaluated in the budget's time that were held, known frauds left out.",
    labels: [],
  },
  budgetHonestShare: {
    name: 'portcullis_budget_honest_share',
    help: 'Share that was held and has been approved, verified or labelled honest since.',
    labels: [],
  },
  budgetLimit: {
    name: 'portcullis_budget_limit_share',
    help: 'The share that policy.budget allows.',
    labels: [],
  },
  budgetExceeded: {
    name: 'portcullis_budget_exceeded',
    help: '1 while more accounts are held than policy.budget allows. Alert on it.',
    labels: [],
  },
  degraded: {
    name: 'portcullis_degraded_decisions_total',
    help: 'Decisions made without an input, by reason.',
    labels: ['reason'],
    starts: ['velocity_unavailable', 'ring_unavailable', 'ip_intel_unavailable'],
  },
  rulesetInfo: {
    name: 'portcullis_ruleset_info',
    help: 'The rule set in use: 1 for its version and hash.',
    labels: ['version', 'hash'],
  },
  rulesetLoads: {
    name: 'portcullis_ruleset_loads_total',
    help: 'Attempts to load a rule set, by result (loaded or refused).',
    labels: ['result'],
    starts: ['loaded', 'refused'],
  },
  accessChanges: {
    name: 'portcullis_access_changes_total',
    help: 'Changes of access, by cause and new state.',
    labels: ['cause', 'to'],
  },
  accessChangeSeconds: {
    name: 'portcullis_access_change_delivery_seconds',
    help: 'From the commit of a change of access until the gate knew of it and all that follows was on its way.',
    labels: [],
  },
  storeFailures: {
    name: 'portcullis_store_failures_total',
    help: 'Calls to a store that failed or ran out of time.',
    labels: ['store'],
    starts: ['postgres', 'redis'],
  },
  redisTakesWrites: {
    name: 'portcullis_redis_takes_writes',
    help: '0 while Redis answers and takes no writes: it is full, a replica, or cannot write to its disk. Alert on it.',
    labels: [],
  },
  redisEvicts: {
    name: 'portcullis_redis_evicts',
    help: '1 while Redis may drop records when it is full (maxmemory-policy): history is unknown then until it is counted again. Alert on it.',
    labels: [],
  },
  truthSetBack: {
    name: 'portcullis_truth_set_back_total',
    help: 'The database did not have what Redis was told of it, or was another one, and Redis is rebuilt. Alert on it.',
    labels: ['finding'],
    starts: ['moved', 'set_back'],
  },
  redisOfAnotherDatabase: {
    name: 'portcullis_redis_of_another_database',
    help: '1 while a service with another database uses the same Redis database, which is not believed then. Alert on it.',
    labels: [],
  },
  outboxWaiting: {
    name: 'portcullis_outbox_waiting',
    help: 'Committed effects that are due and have not been carried out yet, those included that are tried again.',
    labels: [],
  },
  outboxOldestSeconds: {
    name: 'portcullis_outbox_oldest_seconds',
    help: 'Age of the oldest effect that waits, since its commit.',
    labels: [],
  },
  webhooksPending: {
    name: 'portcullis_webhook_deliveries_pending',
    help: 'Messages to endpoints that take them which have not arrived yet, those included that are tried again.',
    labels: [],
  },
  webhooksOldestSeconds: {
    name: 'portcullis_webhook_oldest_seconds',
    help: 'Age of the oldest of them.',
    labels: [],
  },
  webhookEndpointsDisabled: {
    name: 'portcullis_webhook_endpoints_disabled',
    help: 'Endpoints that nothing is sent to, by why: by hand, gone (410), or unreachable for a day.',
    labels: ['because'],
  },
  webhookAttempts: {
    name: 'portcullis_webhook_attempts_total',
    help: 'Tries to deliver a message, by result: delivered, to be tried again, or given up.',
    labels: ['result'],
    starts: ['delivered', 'retried', 'given_up'],
  },
  casesOpened: {
    name: 'portcullis_cases_opened_total',
    help: 'Cases opened, by reason code.',
    labels: ['reason'],
  },
  caseBreaches: {
    name: 'portcullis_case_sla_breaches_total',
    help: 'Cases that were not decided in time, by reason code.',
    labels: ['reason'],
  },
  casesLate: {
    name: 'portcullis_cases_late',
    help: 'Undecided cases beyond their time.',
    labels: [],
  },
  jobs: {
    name: 'portcullis_jobs_total',
    help: 'Background jobs, by queue and result.',
    labels: ['queue', 'result'],
  },
  historyWhole: {
    name: 'portcullis_velocity_history_whole',
    help: '1 while velocity history is whole; 0 while it is lost and being rebuilt, and decisions are degraded.',
    labels: [],
  },
  redisLosses: {
    name: 'portcullis_redis_losses_total',
    help: 'Times that Redis may have lost the last it was told (restarted, another server took over, set back), as this instance saw it.',
    labels: [],
  },
  uncountedSeconds: {
    name: 'portcullis_velocity_uncounted_seconds',
    help: 'Age of the oldest decided event that could not be counted in Redis yet; 0 when there is none.',
    labels: [],
  },
  historyRebuilds: {
    name: 'portcullis_velocity_history_rebuilds_total',
    help: 'Rebuilds of lost velocity history, by result (done or interrupted).',
    labels: ['result'],
    starts: ['done', 'interrupted'],
  },
  historyRecounted: {
    name: 'portcullis_velocity_history_recounted_total',
    help: 'Stored events, labels and standings that rebuilds have counted again, by kind.',
    labels: ['kind'],
  },
  rings: {
    name: 'portcullis_rings',
    help: 'Rings of accounts, as far as the ring worker has come; of the instance that keeps them.',
    labels: [],
  },
  ringMerges: {
    name: 'portcullis_ring_merges_total',
    help: 'Rings that went into another.',
    labels: [],
  },
  ringHubs: {
    name: 'portcullis_ring_hubs_total',
    help: 'Keys that stopped linking because too many, or too trusted, accounts share them (gained), or link again (lost).',
    labels: ['change'],
  },
  ringWorkerActive: {
    name: 'portcullis_ring_worker_active',
    help: '1 on the one instance that keeps the rings.',
    labels: [],
  },
  ringWorkerLag: {
    name: 'portcullis_ring_worker_lag_seconds',
    help: 'Age of the oldest decision that the ring worker has not taken in; on every instance while nobody keeps the rings.',
    labels: [],
  },
  auditRows: {
    name: 'portcullis_audit_rows',
    help: 'Rows of the audit trail that are sealed, and those that are not sealed yet.',
    labels: ['state'],
  },
  auditBroken: {
    name: 'portcullis_audit_broken',
    help: '1: the audit trail does not end where it was seen to end, and is not sealed any more. Alert on any.',
    labels: [],
  },
  rescored: {
    name: 'portcullis_rescored_total',
    help: 'Degraded decisions scored again, by whether access changed.',
    labels: ['changed'],
  },
} as const satisfies Record<string, CounterSpec>;
