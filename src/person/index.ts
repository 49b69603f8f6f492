export { exportPerson } from './export-person.ts';
export { type RemovalReport, removePerson } from './remove-person.ts';
