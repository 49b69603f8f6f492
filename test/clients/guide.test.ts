import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { type CodegenConfig, generate } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';
import { getNamedType, isAbstractType, isObjectType, isScalarType, isSpecifiedScalarType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { post } from '../http/requests.ts';
import { write } from '../seed.ts';

const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const objectTypes = types.filter(isObjectType);
const scalars = types.filter((type) => isScalarType(type) && !isSpecifiedScalarType(type)).map(({ name }) => name);

let guide: string;
let gateway: TestGateway;
let directory: string;

beforeAll(async () => {
  guide = await readFile(join(import.meta.dirname, '../../src/transport/CLIENTS.md'), 'utf8');
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-guide-'));
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1 }],
      comments: [1, 2, 3].map((id) => ({ id, article: 1 })),
    }),
  );
});

afterAll(async () => {
  await gateway.stop();
  await rm(directory, { recursive: true });
});

/** Evaluates the block of the guide that begins with the name of a file. */
function evaluate<Names extends string>(file: string, names: readonly Names[]): Record<Names, unknown> {
  const [, code] = new RegExp(`\`\`\`js\n// ${file.replace('.', '\\.')}\n(.*?)\`\`\``, 's').exec(guide)!;
  const body = code!
    .replace(/^import .*$/gm, '')
    .replace('export default', 'const config =')
    .replaceAll('export const', 'const');
  const imported = { InMemoryCache, relayStylePagination, addTypenameSelectionDocumentTransform };
  const run = new Function(...Object.keys(imported), `${body}\nreturn { ${names.join(', ')} };`);
  return run(...Object.values(imported)) as Record<Names, unknown>;
}

describe("the clients' guide", () => {
  it('has the object types of every interface and union', () => {
    const { possibleTypes } = evaluate('cache.js', ['possibleTypes']);
    const expected = types.filter(isAbstractType).map((type) => [type.name, schema.getPossibleTypes(type)] as const);
    expect(possibleTypes).toEqual(
      Object.fromEntries(expected.map(([name, members]) => [name, members.map((member) => member.name)])),
    );
  });

  it('has every connection with the arguments that choose its entries', () => {
    const { typePolicies } = evaluate('cache.js', ['typePolicies']);
    for (const type of objectTypes)
      for (const { name, args, type: returned } of Object.values(type.getFields())) {
        if (!getNamedType(returned).name.endsWith('Connection')) continue;
        const chosenBy = args.map((arg) => arg.name).filter((arg) => !/^(first|after|last|before)$/.test(arg));
        const policy = (typePolicies as Record<string, { fields: Record<string, object> }>)[type.name]?.fields[name];
        expect(policy, `${type.name}.${name}`).toMatchObject({ keyArgs: chosenBy.length > 0 ? chosenBy : false });
      }
  });

  it('has every type without an id', () => {
    const { withoutId } = evaluate('graphcache.js', ['withoutId']);
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const expected = objectTypes.filter((type) => !roots.includes(type) && !type.getFields().id);
    expect([...(withoutId as string[])].sort()).toEqual(expected.map(({ name }) => name).sort());
  });

  it('has every scalar, for graphql-codegen and for Relay', () => {
    const { config } = evaluate('codegen.js', ['config']);
    const { './src/gql/': output } = (config as CodegenConfig).generates as Record<string, { config: object }>;
    expect(output!.config).toMatchObject({ scalars: Object.fromEntries(scalars.map((name) => [name, 'string'])) });
    const [, relay] = /### Relay\n\n```json\n(.*?)```/s.exec(guide)!;
    expect(Object.keys(JSON.parse(relay!).customScalarTypes)).toEqual(scalars);
  });

  it('has a cache of Apollo Client that joins pages', async () => {
    const { cache } = evaluate('cache.js', ['cache']);
    const client = new ApolloClient({ link: new HttpLink({ uri: gateway.url }), cache: cache as InMemoryCache });
    const query = gql`query Pages($after: String) {
      article(slug: "article-1") { id comments(first: 2, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }
    }`;
    interface Pages {
      article: { comments: { edges: unknown[]; pageInfo: { endCursor: string } } };
    }
    const { data } = await client.query<Pages>({ query });
    const variables = { after: data!.article.comments.pageInfo.endCursor };
    // As fetchMore does: the cache has the first page already.
    await client.query({ query, variables, fetchPolicy: 'network-only' });
    expect(client.readQuery<Pages>({ query })!.article.comments.edges).toHaveLength(3);
    client.stop();
  });

  it('has a configuration of graphql-codegen whose manifest the gateway takes, with the types that caches need', async () => {
    const { config } = evaluate('codegen.js', ['config']);
    const document = 'query Title($slug: String!) { article(slug: $slug) { title publishedAt } }';
    const files = (await generate(
      {
        ...(config as CodegenConfig),
        schema: new URL('/schema.graphql', gateway.url).href,
        documents: [document],
        silent: true,
      },
      false,
    )) as { filename: string; content: string }[];
    const { content } = files.find(({ filename }) => filename.endsWith('persisted-documents.json'))!;
    const manifest = join(directory, 'documents.json');
    await writeFile(manifest, content);
    const trusting = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }), {
      TRUSTED_DOCUMENTS: manifest,
      TRUSTED_DOCUMENTS_ONLY: 'on',
    });
    const [documentId] = Object.keys(JSON.parse(content));
    const { json } = await post(trusting, { documentId, variables: { slug: 'article-1' } });
    await trusting.stop();
    expect(json.data).toMatchObject({ article: { __typename: 'Article', title: 'Title 1' } });
  });
});
