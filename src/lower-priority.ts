import { constants, getPriority, setPriority } from 'node:os';

/** Lets other programs of the machine go first. A priority that is lower already stays: only root may raise one. */
export function lowerPriority(): void {
  setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
}
