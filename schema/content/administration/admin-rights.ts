import type { Context } from '../context.ts';
import { ForbiddenError } from '../errors.ts';

/** @throws ForbiddenError unless the viewer is an admin */
export function requireAdmin({ viewer }: Pick<Context, 'viewer'>): void {
  if (viewer?.role !== 'ADMIN') throw new ForbiddenError('Only admins administer the installation.');
}
