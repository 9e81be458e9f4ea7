import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { may, type Role, useSession } from '../session/session.ts';

interface LinkForProps {
  readonly roles: readonly Role[];
  readonly href: string;
  readonly children: ReactNode;
}

/** A link for those who may open where it leads, text for everyone else. */
export function LinkFor({ roles, href, children }: LinkForProps) {
  const { role } = useSession();
  return may(role, roles) ? <Link href={href}>{children}</Link> : children;
}
