export { openMaintenance, verifyAll } from './maintenance.ts';
