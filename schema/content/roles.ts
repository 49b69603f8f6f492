import type { SignedInViewer } from './context.ts';

/** Moderators and admins moderate discussions. */
export function isModerator(viewer: SignedInViewer | null): boolean {
  return viewer?.role === 'MODERATOR' || viewer?.role === 'ADMIN';
}

/** Writers, moderators and admins, and authors of kind STAFF whatever their role. */
export function isStaff(viewer: SignedInViewer | null): boolean {
  return viewer !== null && (viewer.role !== 'READER' || viewer.author.kind === 'STAFF');
}
