/** The truth could not be read or written just now; edges answer 503 with Retry-After. The one expected exception. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
