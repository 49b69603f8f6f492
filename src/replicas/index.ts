export { Replicas } from './replicas.ts';
export { RoutedDatabase } from './routed-database.ts';
