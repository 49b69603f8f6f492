export { checkBackup, copyDatabase, restoreBackup, writeBackup } from './backup-file.ts';
