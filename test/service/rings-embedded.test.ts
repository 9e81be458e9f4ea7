import { ringTrialRules } from '../support/ring-trial-rules.js';
import { describeRings } from '../support/rings-story.js';
import { startService } from '../support/service.js';

describeRings('rings on embedded stores', () => startService({ rules: ringTrialRules }));
