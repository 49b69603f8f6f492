import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import mercurius from 'mercurius';
import { serve } from '../listen.ts';
import { loaders, resolvers } from './resolvers.ts';

const app = fastify();
app.register(mercurius, {
  schema: readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  loaders,
  // A document is compiled when it is executed for the second time.
  jit: 1,
});
await app.ready();
serve(app.server);
