/** Coarse public reasons: they must not coach anyone. */
export const publicReasons = ['additional_verification_required', 'usage_limited', 'access_refused'] as const;

export interface ReasonInfo {
  /** `family.detail` */
  readonly code: string;
  readonly title: string;
  readonly public: string;
}
