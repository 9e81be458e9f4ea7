import { startService } from '../support/service.js';
import { describeStory } from '../support/story.js';

describeStory('the service on embedded defaults', () => startService());
