import './newer-node.ts';
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { serve } from '../listen.ts';
import { PLUGINS } from './plugins.ts';

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: PLUGINS,
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL!,
      // `bench` has the function that adds a comment.
      schemas: ['public', 'bench'],
      pubsub: false,
      poolConfig: {
        max: Number(process.env.POOL_SIZE),
        idleTimeoutMillis: 0,
        options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
      },
    }),
  ],
  grafast: { explain: false },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false, websockets: false },
});

const server = createServer();
server.on('error', (error) => {
  throw error;
});
await instance.createServ(grafserv).addTo(server);
serve(server);
