import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Role } from '../session/session.ts';

export interface Page {
  /** Below /console. */
  readonly path: string;
  readonly title: string;
  /** Who finds it in the navigation and may open it; the service itself says who may read what. Admin may do all. */
  readonly roles: readonly Role[];
  /** Second key after `g`. */
  readonly key?: string;
  readonly component: LazyExoticComponent<ComponentType>;
}

/** The registry of pages: navigation, keys and routes come from it. Each page is loaded when it is first opened. */
export const pages: readonly Page[] = [
  {
    path: '/overview',
    title: 'Overview',
    roles: ['reviewer', 'author'],
    key: 'o',
    component: lazy(() => import('../overview/overview-page.tsx')),
  },
  {
    path: '/queue',
    title: 'Queue',
    roles: ['worker', 'reviewer'],
    key: 'q',
    component: lazy(() => import('../queue/queue-page.tsx')),
  },
  {
    path: '/rings',
    title: 'Rings',
    roles: ['reviewer'],
    key: 'r',
    component: lazy(() => import('../ring/rings-page.tsx')),
  },
  {
    path: '/rings/:id',
    title: 'Ring',
    roles: ['reviewer'],
    component: lazy(() => import('../ring/ring-page.tsx')),
  },
  {
    path: '/rules',
    title: 'Rules',
    roles: ['author', 'reviewer'],
    key: 'u',
    component: lazy(() => import('../rules/rules-page.tsx')),
  },
  {
    path: '/rules/:id',
    title: 'Rule',
    roles: ['author', 'reviewer'],
    component: lazy(() => import('../rules/rule-page.tsx')),
  },
  {
    path: '/rulesets/:hash',
    title: 'Rule set',
    roles: ['author'],
    component: lazy(() => import('../rules/ruleset-page.tsx')),
  },
  {
    path: '/rulesets/:hash/change',
    title: 'Try a change',
    roles: ['author'],
    component: lazy(() => import('../rules/change-page.tsx')),
  },
  {
    path: '/lists',
    title: 'Lists',
    roles: ['author', 'senior'],
    key: 'l',
    component: lazy(() => import('../lists/lists-page.tsx')),
  },
  {
    path: '/lists/:name',
    title: 'List',
    roles: ['author', 'senior'],
    component: lazy(() => import('../lists/list-page.tsx')),
  },
  {
    path: '/webhooks',
    title: 'Webhooks',
    roles: [],
    component: lazy(() => import('../webhooks/webhooks-page.tsx')),
  },
  {
    path: '/audit',
    title: 'Audit',
    roles: ['privacy', 'senior'],
    component: lazy(() => import('../access/audit-page.tsx')),
  },
  {
    path: '/privacy',
    title: 'Privacy',
    roles: ['privacy'],
    component: lazy(() => import('../privacy/privacy-page.tsx')),
  },
  {
    path: '/access',
    title: 'Access',
    roles: [],
    component: lazy(() => import('../access/access-page.tsx')),
  },
  {
    path: '/settings',
    title: 'Settings',
    roles: ['worker', 'reviewer', 'author', 'privacy'],
    component: lazy(() => import('../settings/settings-page.tsx')),
  },
  {
    path: '/cases/:id',
    title: 'Case',
    roles: ['worker', 'reviewer'],
    component: lazy(() => import('../case/case-page.tsx')),
  },
];
