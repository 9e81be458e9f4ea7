import type { Instant } from './time.js';

/** Port: sessions of browsers that were ended before their time. */
export interface ClosedSessions {
  /** For good, and for all instances within seconds; rejects when it could not be written down: then the session goes on. */
  close(id: string, expiresAt: Instant): Promise<void>;
  /** Asked with every request of a session: answers from memory, and goes on with what it knows while the database is away. */
  isClosed(id: string): Promise<boolean>;
  /** Tells of a session that it has ended as soon as `isClosed` knows: at once when it is ended here. */
  onClosed(listener: (id: string) => void): void;
}
