export { type JobState, startJobs, untilDue } from './job-runner.ts';
export { listJobs } from './jobs.ts';
export { type PruneConfig, pruneNow } from './prune-now.ts';
