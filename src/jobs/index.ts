export { type JobState, startJobs } from './job-runner.ts';
export { listJobs } from './jobs.ts';
