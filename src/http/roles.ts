import { type ServiceRole, serviceRoles } from '../model/service-key.js';

/** `public` needs no key; `metrics` needs none on loopback and an admin's elsewhere. */
export type RouteAccess = 'public' | 'metrics' | readonly ServiceRole[];

/** `admin` may call all, and `senior` whatever `reviewer` may. */
export const mayCall = (role: ServiceRole, allowed: readonly ServiceRole[]): boolean =>
  role === 'admin' || allowed.includes(role) || (role === 'senior' && allowed.includes('reviewer'));

/** All who may call it, for people to read. */
export const rolesThatMayCall = (allowed: readonly ServiceRole[]): string =>
  serviceRoles.filter((role) => mayCall(role, allowed)).join(', ');

/** May have what is escalated. */
export const isSenior = (role: ServiceRole): boolean => role === 'senior' || role === 'admin';
